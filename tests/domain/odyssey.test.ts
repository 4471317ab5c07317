import { describe, expect, it } from "vitest";
import { keyOfHeader, keyText } from "../../src/domain/api-key.ts";
import {
  daysOf,
  type MeteredDay,
  metricRecord,
  type PaymentShare,
  paymentRecord,
  paymentType,
  readInstant,
  readWindow,
} from "../../src/domain/odyssey.ts";

const share = (over: Partial<PaymentShare> = {}): PaymentShare => ({
  receipt: "QK7AAA",
  reference: "QK7AAA",
  share: 1,
  isHeld: true,
  paidAt: Date.UTC(2026, 10, 3, 12),
  amountMinor: 2_005,
  currency: "LSL",
  provider: "mpesa",
  road: "sms",
  energyWh: 4_010,
  account: "0045MAK",
  site: "MAK",
  customerId: 12,
  name: "Thabo Mokoena",
  phone: "26650000101",
  meter: "23099001",
  latitude: -29.512345,
  longitude: 27.912345,
  ...over,
});
const metered = (over: Partial<MeteredDay> = {}): MeteredDay => {
  const { account, site, customerId, name, phone, meter, latitude, longitude } = share();
  const whose = { account, site, customerId, name, phone, meter, latitude, longitude };
  return { day: "2026-11-03", startsAt: Date.UTC(2026, 10, 2, 22), energyWh: 1_234, hours: 24, ...whose, ...over };
};

describe("a window", () => {
  it.each([
    ["2026-11-03T00:00:00Z", Date.UTC(2026, 10, 3)],
    ["2026-11-03T02:00:00+02:00", Date.UTC(2026, 10, 3)],
    ["2026-11-03T02:00:00 02:00", Date.UTC(2026, 10, 3)],
    ["2026-11-03T02:00:00+0200", Date.UTC(2026, 10, 3)],
    ["2026-11-02T20:30-03:30", Date.UTC(2026, 10, 3)],
    ["2026-11-03 00:00:00.123456", Date.UTC(2026, 10, 3, 0, 0, 0, 123)],
    ["2026-11-03", Date.UTC(2026, 10, 3)],
    ["2026-02-30", null],
    ["2026-11-03T24:61", null],
    ["03-11-2026", null],
    ["1793664000", null],
    ["", null],
  ])("reads the instant %s", (text, at) => expect(readInstant(text)).toBe(at));

  it.each([
    [undefined, "2026-11-03", "from"],
    ["2026-11-03", undefined, "to"],
    ["2026-11-03", "2026-11-03", "to"],
    ["2026-11-04", "2026-11-03", "to"],
    ["2026-11-03T00:00:00Z", "2026-11-04T01:00:01Z", "to"],
  ])("from %s to %s is refused at %s", (from, to, field) =>
    expect(readWindow(from, to)).toMatchObject({ ok: false, error: { field } }),
  );

  it("may have 25 hours, the longest day of a clock", () =>
    expect(readWindow("2026-11-03T00:00:00Z", "2026-11-04T01:00:00Z")).toMatchObject({ ok: true }));

  it("has the local days that begin in it and are over", () => {
    const window = { from: Date.UTC(2026, 10, 2, 22), to: Date.UTC(2026, 10, 3, 23) };
    const late = Date.UTC(2026, 10, 30);
    expect(daysOf(window, late, 120).map(({ day }) => day)).toEqual(["2026-11-03", "2026-11-04"]);
    expect(daysOf(window, late, 60).map(({ day }) => day)).toEqual(["2026-11-03"]);
    expect(daysOf({ ...window, from: window.from + 1 }, late, 120).map(({ day }) => day)).toEqual(["2026-11-04"]);
    expect(daysOf(window, Date.UTC(2026, 10, 3, 22), 120).map(({ day }) => day)).toEqual(["2026-11-03"]);
    expect(daysOf(window, Date.UTC(2026, 10, 3, 22) - 1, 120)).toEqual([]);
  });
});

describe("a payment's row", () => {
  it.each([
    ["mpesa", "sms", "mobile_money"],
    ["momo", "webhook", "mobile_money"],
    ["ecocash", "statement", "mobile_money"],
    ["cash", "manual", "cash"],
    ["mpesa", "manual", "manual"],
    ["mpesa", "mirror", "system"],
    [null, null, "other"],
  ])("of %s by %s is %s", (provider, road, type) => expect(paymentType(provider, road)).toBe(type));

  it("has amount and energy to the last digit", () =>
    expect(paymentRecord(share(), 2)).toMatchObject({
      ...{ external_id: "QK7AAA", amount: 20.05, kwh_value: 4.01, customer_phone: "+26650000101" },
      ...{ timestamp: "2026-11-03T12:00:00.000Z", payment_reference: "QK7AAA" },
    }));

  it("has no decimals where the currency has none", () =>
    expect(paymentRecord(share({ amountMinor: 5_000, currency: "XOF" }), 0).amount).toBe(5_000));

  it("says null of what is not known, never 0", () =>
    expect(paymentRecord(share({ energyWh: null, phone: null, meter: null, latitude: null }), 2)).toMatchObject({
      ...{ kwh_value: null, customer_phone: null, meter_serial: null, latitude: null },
    }));

  it("keeps its name and counts nothing once it was moved away", () =>
    expect(paymentRecord(share({ isHeld: false }), 2)).toMatchObject({
      ...{ external_id: "QK7AAA", amount: 0, kwh_value: 0, account_number: "0045MAK" },
    }));

  it("of a second share has a name of its own", () =>
    expect(paymentRecord(share({ share: 2 }), 2)).toMatchObject({
      external_id: "QK7AAA~2",
      payment_reference: "QK7AAA",
    }));
});

describe("a meter's day", () => {
  it("is named by meter and day, and begins with the local day", () =>
    expect(metricRecord(metered())).toMatchObject({
      ...{ external_id: "23099001-2026-11-03", timestamp: "2026-11-02T22:00:00.000Z", kwh_delivered: 1.234 },
      ...{ reading_count: 24, error_type: "normal", interval: "P1D" },
    }));

  it("that nothing was heard of is offline, and its energy is not 0", () =>
    expect(metricRecord(metered({ hours: 0, energyWh: null, meter: null }))).toMatchObject({
      ...{ external_id: "0045MAK-2026-11-03", error_type: "offline", kwh_delivered: null, reading_count: 0 },
    }));
});

describe("a key", () => {
  it("says what it is, and people see only its beginning", () => {
    const { key, shownAs } = keyText("x".repeat(43), "UEF-1");
    expect(key).toBe(`ody_${"x".repeat(43)}`);
    expect(key.startsWith(shownAs)).toBe(true);
    expect(shownAs.length).toBeLessThan(12);
    expect(keyText("x".repeat(43), null).key).toMatch(/^cck_/);
  });

  it.each([
    [`Bearer ody_${"x".repeat(43)}`, `ody_${"x".repeat(43)}`],
    [`bearer cck_${"x".repeat(43)}`, `cck_${"x".repeat(43)}`],
    [`ody_${"x".repeat(43)}`, null],
    ["Bearer ody_short", null],
    [`Bearer ody_${"x".repeat(300)}`, null],
    [undefined, null],
  ])("in the header %s is %s", (header, key) => expect(keyOfHeader(header)).toBe(key));
});
