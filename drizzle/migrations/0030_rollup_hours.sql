ALTER TABLE "rollup_touched" DROP CONSTRAINT "rollup_touched_what";--> statement-breakpoint
ALTER TABLE "rollup_touched" ADD CONSTRAINT "rollup_touched_what" CHECK ("rollup_touched"."what" IN ('money', 'energy', 'hours'));--> statement-breakpoint
-- Load curves are added up by month, apart from days. What is there already.
INSERT INTO rollup_touched (what, at) SELECT DISTINCT 'hours', date_trunc('month', day::timestamp) AT TIME ZONE 'UTC' FROM consumption_daily;
