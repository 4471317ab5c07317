CREATE TABLE "consumption_daily" (
	"meter_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"day" date NOT NULL,
	"energy_wh" bigint NOT NULL,
	"hours" integer NOT NULL,
	"estimated_hours" integer NOT NULL,
	CONSTRAINT "consumption_daily_key" PRIMARY KEY("meter_id","account_id","day"),
	CONSTRAINT "consumption_daily_energy" CHECK ("consumption_daily"."energy_wh" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "consumption_daily_hours" CHECK ("consumption_daily"."hours" BETWEEN 1 AND 25 AND "consumption_daily"."estimated_hours" BETWEEN 0 AND "consumption_daily"."hours")
);
--> statement-breakpoint
CREATE TABLE "consumption_hourly" (
	"meter_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"energy_wh" bigint NOT NULL,
	"estimated" boolean NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "consumption_hourly_key" PRIMARY KEY("meter_id","account_id","hour"),
	CONSTRAINT "consumption_hourly_energy" CHECK ("consumption_hourly"."energy_wh" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "consumption_hourly_source" CHECK ("consumption_hourly"."source" IN ('iot', 's3', 'dynamodb'))
) PARTITION BY RANGE ("hour");
--> statement-breakpoint
CREATE TABLE "meter_readings" (
	"meter_id" bigint NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"register_wh" bigint NOT NULL,
	"power_w" integer,
	"voltage_mv" integer,
	"current_ma" integer,
	"frequency_mhz" integer,
	"connected" boolean,
	"source" text NOT NULL,
	"account_id" bigint NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "meter_readings_key" PRIMARY KEY("meter_id","read_at"),
	CONSTRAINT "meter_readings_register_wh" CHECK ("meter_readings"."register_wh" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "meter_readings_source" CHECK ("meter_readings"."source" IN ('iot', 's3', 'dynamodb'))
) PARTITION BY RANGE ("read_at");
--> statement-breakpoint
CREATE TABLE "meter_registers" (
	"meter_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"register_wh" bigint NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"posted_wh" bigint NOT NULL,
	"posted_at" timestamp with time zone NOT NULL,
	"connected" boolean,
	"seen_at" timestamp with time zone NOT NULL,
	"seen_wh" bigint,
	"held_wh" bigint,
	"version" bigint NOT NULL,
	CONSTRAINT "meter_registers_key" PRIMARY KEY("meter_id","account_id"),
	CONSTRAINT "meter_registers_register" CHECK ("meter_registers"."register_wh" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "meter_registers_posted" CHECK ("meter_registers"."posted_wh" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "meter_registers_seen_wh" CHECK ("meter_registers"."seen_wh" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "meter_registers_held" CHECK ("meter_registers"."held_wh" BETWEEN 0 AND 9007199254740991)
);
--> statement-breakpoint
CREATE TABLE "relay_overrides" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"meter_id" bigint NOT NULL,
	"state" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "relay_overrides_state" CHECK ("relay_overrides"."state" IN ('keep_lit', 'keep_dark', 'auto')),
	CONSTRAINT "relay_overrides_named" CHECK ("relay_overrides"."actor" <> '' AND "relay_overrides"."reason" <> '')
);
--> statement-breakpoint
ALTER TABLE "meters" ADD COLUMN "rated_w" bigint;--> statement-breakpoint
ALTER TABLE "relay_commands" ADD COLUMN "actor" text;--> statement-breakpoint
ALTER TABLE "relay_commands" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "relay_commands" ADD COLUMN "skipped" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "consumption_daily" ADD CONSTRAINT "consumption_daily_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consumption_daily" ADD CONSTRAINT "consumption_daily_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consumption_hourly" ADD CONSTRAINT "consumption_hourly_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consumption_hourly" ADD CONSTRAINT "consumption_hourly_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_readings" ADD CONSTRAINT "meter_readings_register" FOREIGN KEY ("meter_id","account_id") REFERENCES "public"."meter_registers"("meter_id","account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_registers" ADD CONSTRAINT "meter_registers_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_registers" ADD CONSTRAINT "meter_registers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relay_overrides" ADD CONSTRAINT "relay_overrides_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relay_overrides" ADD CONSTRAINT "relay_overrides_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consumption_daily_account" ON "consumption_daily" USING btree ("account_id","day");--> statement-breakpoint
CREATE INDEX "meter_registers_account" ON "meter_registers" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "meter_registers_seen" ON "meter_registers" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "relay_overrides_newest" ON "relay_overrides" USING btree ("account_id","meter_id","at");--> statement-breakpoint
ALTER TABLE "meters" ADD CONSTRAINT "meters_rated" CHECK ("meters"."rated_w" > 0 AND "meters"."rated_w" <= 9007199254740991);--> statement-breakpoint
-- From here by hand: partitions, what is added up by itself, append-only, rights.
-- A partition a UTC year from 2018 through `through_year`; those that are there stay as they are. Answers how many were
-- made. With the owner's rights, since making one is the owner's: a daily job calls it, so that next year's are there
-- before the year begins. It waits for nobody for long, for while it waits others wait behind it.
CREATE FUNCTION cc_make_partitions(through_year integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  made integer := 0;
  parent text;
  part text;
BEGIN
  IF through_year NOT BETWEEN 2018 AND 2100 THEN
    RAISE EXCEPTION 'no partitions through %', through_year USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(7301002);
  FOREACH parent IN ARRAY ARRAY['meter_readings', 'consumption_hourly'] LOOP
    FOR year IN 2018..through_year LOOP
      part := parent || '_y' || year;
      CONTINUE WHEN to_regclass(part) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent,
        year || '-01-01 00:00:00+00', (year + 1) || '-01-01 00:00:00+00');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
--> statement-breakpoint
SELECT cc_make_partitions(extract(year FROM now() AT TIME ZONE 'UTC')::integer + 1);
--> statement-breakpoint
CREATE VIEW consumption_monthly AS
  SELECT meter_id, account_id, date_trunc('month', day)::date AS month, sum(energy_wh)::bigint AS energy_wh,
    count(*)::integer AS days, sum(hours)::integer AS hours, sum(estimated_hours)::integer AS estimated_hours
  FROM consumption_daily GROUP BY meter_id, account_id, date_trunc('month', day);
--> statement-breakpoint
-- What a meter said, and what a person said about its relay, explains figures and dark houses for ever.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON meter_readings FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON meter_readings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON relay_overrides FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON relay_overrides FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION cc_make_partitions(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION cc_make_partitions(integer) TO cc_app;
--> statement-breakpoint
GRANT SELECT ON meter_readings, meter_registers, consumption_hourly, consumption_daily, consumption_monthly, relay_overrides TO cc_app;
--> statement-breakpoint
GRANT INSERT ON meter_readings, relay_overrides TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (register_wh, read_at, posted_wh, posted_at, connected, seen_at, seen_wh, held_wh, version) ON meter_registers TO cc_app;
--> statement-breakpoint
-- DELETE here alone: hours and days are computed from readings, and a rebuild takes away those that no reading covers any
-- more (a placement was put right). The readings themselves stay.
GRANT INSERT, DELETE, UPDATE (energy_wh, estimated, source) ON consumption_hourly TO cc_app;
--> statement-breakpoint
GRANT INSERT, DELETE, UPDATE (energy_wh, hours, estimated_hours) ON consumption_daily TO cc_app;
--> statement-breakpoint
GRANT UPDATE (rated_w) ON meters TO cc_app;
