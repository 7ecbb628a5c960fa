import assert from 'node:assert/strict';
import { accessAt, type CodeAccess } from '../../src/assess/code-access';

/** The place is the first `note`, else the first `orders`. */
const cases: [string, CodeAccess][] = [
  ['SELECT note FROM orders', 'reads'],
  ['UPDATE orders SET note = $1', 'writes'],
  ['INSERT INTO orders (id, note) VALUES ($1, $2)', 'writes'],
  ["const sql = 'UPDATE orders' +\n  ' SET total = $1, ' +\n  ' note = $2'", 'writes'],
  ['DELETE FROM orders WHERE note IS NULL', 'reads'],
  ['DELETE FROM orders', 'writes'],
  // Prisma
  ['await prisma.orders.update({ where: { id }, data: { note } })', 'writes'],
  ['prisma.orders.findMany({ select: { note: true } })', 'reads'],
  ['model Order {\n  note String? @map("note")', 'shape'],
  // TypeORM
  ['@Column() note: string;', 'shape'],
  ["repository.createQueryBuilder('o').where('o.note = :note')", 'reads'],
  ['await orders.save({ note });', 'writes'],
  // Drizzle
  ["note: text('note').notNull(),", 'shape'],
  ['db.select({ note: orders.note }).from(orders)', 'reads'],
  ['db.insert(orders).values({ note })', 'writes'],
  // Sequelize
  ['note: { type: DataTypes.TEXT },', 'shape'],
  ['Order.bulkCreate([{ note }])', 'writes'],
  // SQLAlchemy
  ['note: Mapped[str] = mapped_column(Text)', 'shape'],
  ['session.query(Order.note).filter(Order.id == 1)', 'reads'],
  // Django
  ['note = models.TextField(null=True)', 'shape'],
  ["Order.objects.filter(note='x')", 'reads'],
  ["Order.objects.bulk_create([Order(note='x')])", 'writes'],
  // Rails
  ['t.text :note', 'shape'],
  ['Order.where(note: nil).pluck(:note)', 'reads'],
  ["order.update_columns(note: 'x')", 'writes'],
  ['const shown = row.note;', 'unknown'],
];

describe('what a place in the code does', () => {
  for (const [text, expected] of cases)
    it(text.replaceAll('\n', ' ⏎ '), () => {
      const lines = text.split('\n');
      const index = lines.findIndex((line) => /note/.test(line));
      const line = lines[Math.max(0, index)]!;
      const column = index < 0 ? line.indexOf('orders') : line.indexOf('note');
      assert.equal(accessAt(lines, Math.max(0, index), column), expected);
    });
});
