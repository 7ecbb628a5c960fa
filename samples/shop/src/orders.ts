import type { Pool } from 'pg';

export interface OrderLine {
  order_id: string;
  name: string;
  status: string;
  total: string;
}

/** The newest orders with the name of their customer. */
export async function newestOrders(pool: Pool, limit: number): Promise<OrderLine[]> {
  const result = await pool.query<OrderLine>(
    `SELECT order_id, name, status, total
     FROM customer_orders
     ORDER BY placed_at DESC
     LIMIT $1`,
    [limit],
  );
  return result.rows;
}

export async function placeOrder(pool: Pool, customerId: string, total: number): Promise<void> {
  await pool.query('INSERT INTO orders (customer_id, total) VALUES ($1, $2)', [customerId, total]);
}
