import { describe, expect, it } from "vitest";
import { marksOf, pan, scaleBar, sheetOf, wholeView, zoom } from "../../web/pages/meters/map-model.ts";

const size = { width: 800, height: 400 };
const places = [
  { latitude: -29.5, longitude: 28.25 },
  { latitude: -29.51, longitude: 28.25 },
  { latitude: -29.5, longitude: 28.27 },
];
const spots = sheetOf(places);

describe("a map without tiles", () => {
  it("has south below north, east right of west, and its distances in metres", () => {
    const [one, south, east] = spots;
    expect((south?.y ?? 0) - (one?.y ?? 0)).toBeCloseTo(1_113.2, 0);
    expect((east?.x ?? 0) - (one?.x ?? 0)).toBeCloseTo(2_226.4 * Math.cos((29.503 * Math.PI) / 180), 0);
  });

  it("shows all places at first", () => {
    const view = wholeView(spots, size);
    expect(marksOf(spots, view, size).flatMap((mark) => mark.spots)).toHaveLength(3);
  });

  it("shows one place, and none, without breaking", () => {
    const [one] = spots;
    expect(wholeView(one === undefined ? [] : [one], size).metresPerPixel).toBe(0.5);
    expect(marksOf([], wholeView([], size), size)).toEqual([]);
  });

  it("keeps what is under the pointer where it is when it comes nearer", () => {
    const view = wholeView(spots, size);
    const at = { x: 100, y: -50 };
    const nearer = zoom(view, 4, at);
    const under = (of: typeof view) => [of.x + at.x * of.metresPerPixel, of.y + at.y * of.metresPerPixel];
    expect(under(nearer)[0]).toBeCloseTo(under(view)[0] ?? 0);
    expect(under(nearer)[1]).toBeCloseTo(under(view)[1] ?? 0);
    expect(nearer.metresPerPixel).toBeCloseTo(view.metresPerPixel / 4);
  });

  it("moves with the hand", () => {
    const view = { x: 0, y: 0, metresPerPixel: 2 };
    expect(pan(view, 10, -5)).toEqual({ x: -20, y: 10, metresPerPixel: 2 });
  });

  it("draws neighbours as one mark, and leaves out what is beyond the edge", () => {
    const near = sheetOf([...places, { latitude: -29.5, longitude: 28.25001 }]);
    const marks = marksOf(near, wholeView(near, size), size);
    expect(marks.map((mark) => mark.spots.length).toSorted()).toEqual([1, 1, 2]);
    expect(marksOf(near, { x: 1e7, y: 0, metresPerPixel: 1 }, size)).toEqual([]);
  });

  it("takes twenty thousand places", () => {
    const many = Array.from({ length: 20_000 }, (_, n) => ({
      latitude: -29 - (n % 141) / 100,
      longitude: 28 + n / 1e4,
    }));
    const sheet = sheetOf(many);
    expect(marksOf(sheet, wholeView(sheet, size), size).length).toBeLessThan(400);
  });

  it.each([
    [0.05, "5 m"],
    [1, "100 m"],
    [10, "1 km"],
    [40, "2 km"],
    [5_000, "500 km"],
  ])("has a scale of a round length at %s metres a pixel: %s", (metres, text) => {
    const bar = scaleBar(metres);
    expect(bar.text).toBe(text);
    expect(bar.pixels).toBeLessThanOrEqual(120);
    expect(bar.pixels).toBeGreaterThan(40);
  });
});
