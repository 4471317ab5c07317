CREATE TABLE "metered_site_days" (
	"day" date NOT NULL,
	"site_code" text NOT NULL,
	"energy_wh" bigint NOT NULL,
	"meters" integer NOT NULL,
	CONSTRAINT "metered_site_days_key" PRIMARY KEY("day","site_code")
);
--> statement-breakpoint
-- From here by hand. A day that changes is forgotten in the same transaction, whoever writes it: a version that does not know these sums too.
CREATE FUNCTION forget_site_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM metered_site_days WHERE day IN (SELECT day FROM changed);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER forget_site_days AFTER INSERT ON metered_days REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION forget_site_days();
--> statement-breakpoint
CREATE TRIGGER forget_site_days_updated AFTER UPDATE ON metered_days REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION forget_site_days();
--> statement-breakpoint
CREATE TRIGGER forget_site_days_deleted AFTER DELETE ON metered_days REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION forget_site_days();
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (energy_wh, meters) ON metered_site_days TO cc_app;
--> statement-breakpoint
-- What is there already: an account's day is of one meter. Where a meter left, it may be of two, and the job adds those days up.
INSERT INTO metered_site_days (day, site_code, energy_wh, meters) SELECT day, site_code, sum(energy_wh), count(*) FROM metered_days GROUP BY day, site_code;
--> statement-breakpoint
INSERT INTO rollup_touched (what, at)
  SELECT DISTINCT 'energy', d.day::timestamp AT TIME ZONE 'UTC' FROM meter_placements p
    CROSS JOIN LATERAL (SELECT (p.valid_to AT TIME ZONE 'UTC')::date + n AS day FROM generate_series(-1, 1) AS n) d
  WHERE p.role = 'primary' AND p.valid_to IS NOT NULL AND EXISTS (SELECT FROM metered_days q WHERE q.day = d.day);
