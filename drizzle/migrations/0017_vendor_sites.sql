CREATE TABLE "vendor_sites" (
	"site_code" text PRIMARY KEY NOT NULL,
	"vendor" text NOT NULL,
	"vendor_site_id" text NOT NULL,
	"facts_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vendor_sites_id" UNIQUE("vendor","vendor_site_id"),
	CONSTRAINT "vendor_sites_vendor" CHECK ("vendor_sites"."vendor" IN ('koios', 'thundercloud')),
	CONSTRAINT "vendor_sites_named" CHECK ("vendor_sites"."vendor_site_id" <> '' AND length("vendor_sites"."vendor_site_id") <= 100)
);
--> statement-breakpoint
ALTER TABLE "vendor_sites" ADD CONSTRAINT "vendor_sites_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (vendor, vendor_site_id, facts_version) ON vendor_sites TO cc_app;
