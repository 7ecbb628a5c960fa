import type { Pool } from 'pg';

export interface Customer {
  id: string;
  name: string;
  email: string;
}

/** Customers whose name starts with `prefix`, in the order of their names. */
export async function findCustomers(pool: Pool, prefix: string): Promise<Customer[]> {
  const result = await pool.query<Customer>(
    'SELECT id, name, email FROM customers WHERE name LIKE $1 ORDER BY name LIMIT 50',
    [`${prefix}%`],
  );
  return result.rows;
}

export async function renameCustomer(pool: Pool, id: string, name: string): Promise<void> {
  await pool.query('UPDATE customers SET name = $2 WHERE id = $1', [id, name]);
}

export async function addCustomer(pool: Pool, customer: Omit<Customer, 'id'>): Promise<string> {
  const result = await pool.query<{ id: string }>(
    'INSERT INTO customers (name, email) VALUES ($1, $2) RETURNING id',
    [customer.name, customer.email],
  );
  return result.rows[0]!.id;
}
