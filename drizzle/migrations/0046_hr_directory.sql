CREATE TABLE "hr_departments" (
	"department" text PRIMARY KEY NOT NULL,
	"roles" text[] NOT NULL,
	CONSTRAINT "hr_departments_spelling" CHECK ("hr_departments"."department" = lower(btrim("hr_departments"."department")) AND "hr_departments"."department" <> ''),
	CONSTRAINT "hr_departments_roles" CHECK ("hr_departments"."roles" <@ ARRAY['onm_team', 'finance_team', 'engineering', 'field_registrar', 'generic'])
);
--> statement-breakpoint
CREATE TABLE "hr_people" (
	"email" text PRIMARY KEY NOT NULL,
	"employee_id" text NOT NULL,
	"departments" text[] NOT NULL,
	"status" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "hr_people_email_spelling" CHECK ("hr_people"."email" = lower(btrim("hr_people"."email")))
);

--> statement-breakpoint
-- By hand: rights.
GRANT SELECT, INSERT, UPDATE (employee_id, departments, status, seen_at) ON hr_people TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (roles) ON hr_departments TO cc_app;
