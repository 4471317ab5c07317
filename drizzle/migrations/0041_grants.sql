ALTER TABLE "staff_countries" ADD COLUMN "roles" text[];--> statement-breakpoint
ALTER TABLE "staff_countries" ADD COLUMN "site" text;--> statement-breakpoint
ALTER TABLE "staff_countries" ADD CONSTRAINT "staff_countries_roles" CHECK ("staff_countries"."roles" <@ ARRAY['superadmin', 'onm_team', 'finance_team', 'engineering', 'field_registrar', 'generic']);--> statement-breakpoint
ALTER TABLE "staff_countries" ADD CONSTRAINT "staff_countries_site" CHECK ("staff_countries"."site" IS NULL OR ("staff_countries"."roles" IS NOT NULL AND "staff_countries"."site" ~ '^[A-Z]{3}$'));
--> statement-breakpoint
-- By hand: a grant of another country is changed where its row is.
GRANT UPDATE (roles, site) ON staff_countries TO cc_app;
