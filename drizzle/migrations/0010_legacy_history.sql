CREATE TABLE "legacy_totals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "legacy_totals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"period" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"account_number" text,
	"meter_number" text,
	"source" text NOT NULL,
	"energy_wh" bigint,
	"amount_minor" bigint,
	"currency" text,
	"transactions" integer,
	"origin" text NOT NULL,
	"origin_id" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "legacy_totals_key" UNIQUE NULLS NOT DISTINCT("account_number","kind","period","starts_at","meter_number","source"),
	CONSTRAINT "legacy_totals_kind" CHECK ("legacy_totals"."kind" IN ('consumption', 'sales')),
	CONSTRAINT "legacy_totals_period" CHECK ("legacy_totals"."period" IN ('month', 'hour')),
	CONSTRAINT "legacy_totals_of" CHECK ("legacy_totals"."account_number" IS NOT NULL OR "legacy_totals"."meter_number" IS NOT NULL),
	CONSTRAINT "legacy_totals_energy" CHECK (abs("legacy_totals"."energy_wh") <= 9007199254740991),
	CONSTRAINT "legacy_totals_amount" CHECK (abs("legacy_totals"."amount_minor") <= 9007199254740991),
	CONSTRAINT "legacy_totals_currency" CHECK ("legacy_totals"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "legacy_totals_money" CHECK (("legacy_totals"."amount_minor" IS NULL) = ("legacy_totals"."currency" IS NULL)),
	CONSTRAINT "legacy_totals_transactions" CHECK ("legacy_totals"."transactions" >= 0),
	CONSTRAINT "legacy_totals_origin" CHECK ("legacy_totals"."origin" ~ '^(access|postgres):[A-Za-z0-9_]{1,63}$')
);
--> statement-breakpoint
ALTER TABLE "meter_readings" DROP CONSTRAINT "meter_readings_source";--> statement-breakpoint
ALTER TABLE "meter_readings" DROP CONSTRAINT "meter_readings_key";--> statement-breakpoint
ALTER TABLE "meter_readings" ALTER COLUMN "account_id" DROP NOT NULL;--> statement-breakpoint
CREATE INDEX "legacy_totals_month" ON "legacy_totals" USING btree ("starts_at","kind") WHERE period = 'month';--> statement-breakpoint
CREATE UNIQUE INDEX "meter_readings_key" ON "meter_readings" USING btree ("meter_id","read_at",(account_id IS NULL));--> statement-breakpoint
ALTER TABLE "meter_readings" ADD CONSTRAINT "meter_readings_source" CHECK (CASE WHEN account_id IS NULL THEN source ~ '^(access|postgres):[A-Za-z0-9_]{1,63}$'
        ELSE source IN ('iot', 's3', 'dynamodb') END);
--> statement-breakpoint
-- From here by hand. A year before 2018 has readings of the old books alone, and its part of the table is made when they
-- come: most countries have none, and each part costs every look for a reading's neighbours a little. As
-- cc_make_partitions (0005), which makes the years from 2018.
CREATE FUNCTION cc_make_old_year(old_year integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
  IF old_year NOT BETWEEN 2010 AND 2017 THEN
    RAISE EXCEPTION 'no old partition of %', old_year USING ERRCODE = '22023';
  END IF;
  IF to_regclass('meter_readings_y' || old_year) IS NOT NULL THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(7301002);
  IF to_regclass('meter_readings_y' || old_year) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF meter_readings FOR VALUES FROM (%L) TO (%L)', 'meter_readings_y' || old_year,
    old_year || '-01-01 00:00:00+00', (old_year + 1) || '-01-01 00:00:00+00');
  RETURN true;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION cc_make_old_year(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION cc_make_old_year(integer) TO cc_app;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON legacy_totals FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON legacy_totals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
GRANT SELECT, INSERT ON legacy_totals TO cc_app;
