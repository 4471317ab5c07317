import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../src/domain/public-address.ts";

describe("an address", () => {
  it.each(["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "2606:4700::1111"])(
    "that anybody reaches is public: %s",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    "0.0.0.0",
    "10.255.255.255",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.170",
    "192.168.1.1",
    "198.19.255.255",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "2002:a00:1::",
    "3fff:fff::1",
  ])("of an inner network, of a protocol, of documentation or of nobody is not: %s", (address) =>
    expect(isPublicAddress(address)).toBe(false),
  );

  it.each(["", "erp.example.org", "8.8.8", "8.8.8.8/8", "0x7f000001", "2130706433", "010.0.0.1"])(
    "that is none, or is spelled as no resolver spells one, is not public: %o",
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});
