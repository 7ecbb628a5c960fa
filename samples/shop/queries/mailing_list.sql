-- Who gets the newsletter.
SELECT c.name, c.email
FROM customers AS c
WHERE c.created_at < now() - interval '30 days'
ORDER BY c.name;
