DROP TABLE customers;

DROP DOMAIN email_address;
