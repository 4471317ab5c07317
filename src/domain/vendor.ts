/** SparkMeter's two platforms: each holds the prepaid balance of its customers, in currency, and counts what they use. */
export const VENDORS = ["koios", "thundercloud"] as const;
export type Vendor = (typeof VENDORS)[number];

/** Serials of SparkMeter meters as they stand on the case and in both platforms: SM16R-01-0000ABCD, SMRSD-03-0002A1F4. */
export const SPARKMETER = /^SM[A-Z0-9]{1,6}-\d{2}-[0-9A-F]{8}$/;

/** What a vendor's meter used in one interval, as the vendor said it once. */
export type VendorInterval = {
  /** As on the case; null: the vendor names the customer alone. */
  serial: string | null;
  /** The vendor's customer code, an account number in upper case; null: missing, or the text "None". */
  customerCode: string | null;
  /** Start of the interval, UTC ms. */
  startAt: number;
  energyWh: number;
};

export const isSparkMeter = (meterNumber: string): boolean => SPARKMETER.test(meterNumber);

/** Whose platform a meter reports to; null: it is our own, and reads and obeys without any vendor. */
export function vendorOfMeter(meterNumber: string, siteVendor: Vendor | null): Vendor | null {
  return isSparkMeter(meterNumber) ? siteVendor : null;
}
