import { BlockList, isIP } from "node:net";

/**
 * IPv4 that leads to no system in the public internet: what IANA's registry of special-purpose addresses (RFC 6890) does not call
 * globally reachable, multicast (RFC 5771) and the reserved rest. First address and bits of its prefix.
 */
const INNER_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;
/** All of IPv6 that is given out (RFC 4291) is below 2000::/3: loopback, mapped and translated IPv4, link-local and unique-local are not. */
const GLOBAL_V6 = ["2000::", 3] as const;
/** Of that what is for protocols (Teredo among them), documentation, and 6to4, which has an IPv4 address in it. */
const INNER_V6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const inner = new BlockList();
for (const [first, bits] of INNER_V4) inner.addSubnet(first, bits, "ipv4");
for (const [first, bits] of INNER_V6) inner.addSubnet(first, bits, "ipv6");
const global = new BlockList();
global.addSubnet(...GLOBAL_V6, "ipv6");

/** Whether an address is one that anybody in the internet may be reached at. What is no address is none. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !inner.check(address, "ipv4");
  return version === 6 && global.check(address, "ipv6") && !inner.check(address, "ipv6");
}
