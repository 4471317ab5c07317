import { useLocation } from "preact-iso";

/**
 * A choice that stands in the address, so that a view can be sent to somebody and survives a reload:
 * `const [site, setSite] = useAddress("site")`. An empty value leaves the address.
 */
export function useAddress(name: string, otherwise = ""): [string, (value: string) => void] {
  const { query, route } = useLocation();
  const set = (value: string) => {
    const url = new URL(location.href);
    if (value === otherwise || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    route(`${url.pathname}${url.search}`, true);
  };
  return [query[name] || otherwise, set];
}
