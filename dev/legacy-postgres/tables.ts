/**
 * The old system's PostgreSQL tables, as far as moving in reads them, in the shape they have in production: text keys copied
 * from table to table, hardly a foreign key, readings in a partition a year.
 */
export const TABLES = `
DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;
CREATE TYPE meter_platform AS ENUM ('sparkmeter', 'prototype', 'legacy', 'steamaco');
CREATE TYPE meter_role AS ENUM ('primary', 'check', 'backup');
CREATE TYPE meter_status AS ENUM ('active', 'inactive', 'decommissioned', 'maintenance');
CREATE TYPE transaction_source AS ENUM ('accdb', 'import', 'koios', 'thundercloud', 'iot', 'sms_gateway', 'portal',
  'balance_seed', 'opening_anchor', 'sms_gateway_contract', 'manual_contract_credit_convert', 'sandbox', 'steamaco');
CREATE TABLE customers (id serial PRIMARY KEY, customer_id_legacy integer UNIQUE, first_name varchar, middle_name varchar,
  last_name varchar, community varchar, phone varchar, cell_phone_1 varchar, cell_phone_2 varchar, email varchar,
  national_id varchar, street_address varchar, city varchar, district varchar, country text DEFAULT 'Lesotho',
  plot_number varchar, customer_type varchar, customer_position varchar, gps_lat double precision,
  gps_lon double precision, date_service_connected date, date_service_terminated date, is_active boolean, notes text,
  connection_fee_paid boolean, connection_fee_paid_date timestamptz, readyboard_fee_paid boolean,
  readyboard_fee_paid_date timestamptz, readyboard_tested boolean, readyboard_tested_date timestamptz,
  readyboard_installed boolean, readyboard_installed_date timestamptz, airdac_connected boolean,
  airdac_connected_date timestamptz, meter_installed boolean, meter_installed_date timestamptz,
  customer_commissioned boolean, customer_commissioned_date timestamptz,
  created_at timestamptz, created_by varchar, gender varchar(16));
CREATE TABLE accounts (id serial PRIMARY KEY, account_number varchar UNIQUE, customer_id integer, meter_id varchar,
  community varchar, account_sequence integer, opened_date date, created_by varchar, created_at timestamptz,
  billing_meter_priority varchar);
CREATE TABLE meters (id serial PRIMARY KEY, meter_id varchar UNIQUE, account_number varchar, community varchar,
  platform meter_platform, role meter_role, status meter_status, customer_type varchar, village_name varchar,
  latitude double precision, longitude double precision, customer_connect_date date, date_installed date,
  special_notes text, created_at timestamptz);
CREATE TABLE meter_assignments (id serial PRIMARY KEY, meter_id varchar, account_number varchar, community varchar,
  assigned_at timestamptz, removed_at timestamptz, removal_reason varchar, replaced_by varchar);
CREATE TABLE transactions (id serial PRIMARY KEY, account_number varchar, meter_id varchar, transaction_date timestamptz,
  transaction_amount numeric, rate_used numeric, kwh_value numeric, is_payment boolean, current_balance numeric,
  source transaction_source, source_table text, payment_reference text, sms_payer_phone text, payment_category text);
CREATE TABLE meter_readings (meter_id varchar, account_number varchar, reading_time timestamptz, wh_reading numeric,
  power_kw numeric, community varchar, source transaction_source) PARTITION BY RANGE (reading_time);
CREATE TABLE hourly_consumption (id bigserial PRIMARY KEY, account_number varchar, meter_id varchar,
  reading_hour timestamptz, kwh double precision, community varchar, source transaction_source);
CREATE TABLE monthly_consumption (account_number varchar, meter_id varchar, year_month char(7), kwh numeric,
  community varchar, source transaction_source);
CREATE TABLE monthly_transactions (account_number varchar, meter_id varchar, year_month char(7), kwh_vended numeric,
  amount_lsl numeric, txn_count integer, community varchar, source transaction_source);
CREATE TABLE system_config (key text PRIMARY KEY, value text, description text, updated_at timestamptz, updated_by text);
CREATE TABLE prototype_meter_state (meter_id varchar PRIMARY KEY, account_number varchar, last_energy_kwh double precision,
  last_relay_status varchar, last_seen_at timestamptz, last_synced_at timestamptz);
${partitions()}`;

/** The old system made them by hand; what has no year stands in the default one. */
function partitions(): string {
  const years = Array.from({ length: 10 }, (_, index) => 2018 + index);
  const of = (year: number) =>
    `CREATE TABLE meter_readings_${year} PARTITION OF meter_readings FOR VALUES FROM ('${year}-01-01Z') TO ('${year + 1}-01-01Z');`;
  return [...years.map(of), "CREATE TABLE meter_readings_default PARTITION OF meter_readings DEFAULT;"].join("\n");
}
