CREATE INDEX orders_placed_at_index ON orders (placed_at);
