ALTER TABLE "sites" ADD COLUMN "district" text;--> statement-breakpoint
GRANT UPDATE (district) ON sites TO cc_app;
