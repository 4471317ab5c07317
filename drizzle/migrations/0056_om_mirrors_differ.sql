ALTER TABLE "om_mirrors" ADD COLUMN "differs_since" timestamp with time zone;--> statement-breakpoint
-- By hand: since when both sides are not at one follows what they say.
GRANT UPDATE (differs_since) ON om_mirrors TO cc_app;
