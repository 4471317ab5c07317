ALTER TABLE "tariffs" DROP CONSTRAINT "tariffs_start";--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "ends" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "created_by" text;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "cancelled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "cancelled_by" text;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "cancel_reason" text;--> statement-breakpoint
CREATE UNIQUE INDEX "tariffs_start" ON "tariffs" USING btree ("scope",coalesce("site_code", ''),coalesce("account_id", 0),"valid_from") WHERE cancelled_at IS NULL;--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_ends" CHECK (NOT "tariffs"."ends" OR ("tariffs"."rate" IS NULL AND "tariffs"."scope" <> 'global'));--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_cancelled" CHECK (CASE WHEN "tariffs"."cancelled_at" IS NULL THEN "tariffs"."cancelled_by" IS NULL AND "tariffs"."cancel_reason" IS NULL
        ELSE "tariffs"."cancelled_by" IS NOT NULL AND "tariffs"."cancel_reason" IS NOT NULL AND "tariffs"."cancelled_at" < "tariffs"."valid_from" END);--> statement-breakpoint
-- By hand: who set the rates that are there already, one resolver in SQL, what of a row may change, rights.
UPDATE tariffs t SET created_by = m.actor, reason = m.reason FROM mutations m
  WHERE m.action = 'tariff.put' AND (m.after ->> 'id')::bigint = t.id;
--> statement-breakpoint
-- The row that decides what an account pays at an instant; null: none says anything. The same as resolveTariff() of
-- src/domain/tariff.ts; a test compares the two.
CREATE FUNCTION cc_tariff_at(account bigint, at timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.id FROM (
    SELECT DISTINCT ON (t.scope) t.id, t.scope, t.ends
    FROM accounts a JOIN tariffs t ON t.scope = 'global' OR t.site_code = a.site_code OR t.account_id = a.id
    WHERE a.id = account AND t.cancelled_at IS NULL AND t.valid_from <= at
    ORDER BY t.scope, t.valid_from DESC) AS s
  WHERE NOT s.ends ORDER BY array_position(ARRAY['account', 'site', 'global'], s.scope) LIMIT 1
$$;
--> statement-breakpoint
-- Entries name their tariff: what it said stays. It may be cancelled once, before it begins (its CHECK says so).
CREATE FUNCTION keep_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
    OR (NEW.id, NEW.scope, NEW.site_code, NEW.account_id, NEW.rate, NEW.ends, NEW.valid_from, NEW.created_by, NEW.reason,
      NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.scope, OLD.site_code, OLD.account_id, OLD.rate, OLD.ends,
      OLD.valid_from, OLD.created_by, OLD.reason, OLD.created_at)
  THEN
    RAISE EXCEPTION 'a tariff is only added, or cancelled once' USING ERRCODE = '23001', CONSTRAINT = 'tariffs_kept', TABLE = 'tariffs';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_tariff BEFORE UPDATE OR DELETE ON tariffs FOR EACH ROW EXECUTE FUNCTION keep_tariff();
--> statement-breakpoint
GRANT UPDATE (cancelled_at, cancelled_by, cancel_reason, facts_version) ON tariffs TO cc_app;
