ALTER TABLE "rollup_touched" ADD COLUMN "since" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "consumption_daily_day" ON "consumption_daily" USING btree ("day");--> statement-breakpoint
CREATE INDEX "rollup_touched_at" ON "rollup_touched" USING btree ("what","at");--> statement-breakpoint
-- From here by hand. One row of each hour, day or month that waits, however long the job stands still.
DELETE FROM rollup_touched t USING rollup_touched o WHERE o.what = t.what AND o.at = t.at AND o.id < t.id;
--> statement-breakpoint
-- Whoever writes relies on a row that is there, and holds it until it commits; where the job has it, on one of its own. Neither waits for the
-- other. With the owner's rights: holding a row is a right to change it.
CREATE FUNCTION cc_touch(touched_what text, touched_at timestamptz[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO rollup_touched (what, at) SELECT touched_what, a.at FROM (SELECT DISTINCT unnest(touched_at) AS at) a
  WHERE a.at IS NOT NULL AND NOT EXISTS (
    SELECT FROM rollup_touched t WHERE t.what = touched_what AND t.at = a.at FOR KEY SHARE SKIP LOCKED);
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION cc_touch(text, timestamptz[]) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION cc_touch(text, timestamptz[]) TO cc_app;
--> statement-breakpoint
-- A row may be taken away only by whoever holds it alone.
GRANT UPDATE (since) ON rollup_touched TO cc_app;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION touch_receipts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cc_touch('money', ARRAY(SELECT date_trunc('hour', p.paid_at) FROM changed c JOIN payments p ON p.receipt = c.receipt));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION touch_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cc_touch('money', ARRAY(SELECT DISTINCT date_trunc('hour', paid_at) FROM changed));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION touch_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cc_touch('energy', ARRAY(SELECT DISTINCT day::timestamp AT TIME ZONE 'UTC' FROM changed));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION touch_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cc_touch('energy', ARRAY(SELECT DISTINCT d.day::timestamp AT TIME ZONE 'UTC' FROM changed c JOIN consumption_daily d ON d.meter_id = c.meter_id));
  RETURN NULL;
END $$;
