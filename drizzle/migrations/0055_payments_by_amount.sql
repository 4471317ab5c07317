-- A country with many payments makes it first by hand, CONCURRENTLY: docs/delivering.md.
CREATE INDEX IF NOT EXISTS "payments_amount" ON "payments" USING btree ("amount_minor");
