CREATE TABLE "meter_counts" (
	"platform" text NOT NULL,
	"state" text NOT NULL,
	"meters" bigint NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	CONSTRAINT "meter_counts_key" PRIMARY KEY("platform","state"),
	CONSTRAINT "meter_counts_meters" CHECK ("meter_counts"."meters" >= 0)
);--> statement-breakpoint
-- By hand: the job counts again and again, and there are as many rows as states of platforms.
GRANT SELECT, INSERT, UPDATE (meters, as_of) ON meter_counts TO cc_app;
