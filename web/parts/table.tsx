import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";
import { windowOf } from "./window.ts";

export type Column<Row> = {
  /** Its name on wide screens, and before each cell on a phone. */
  head: string;
  cell(row: Row): ComponentChildren;
  /** Figures stand to the right, their digits under each other. */
  isNumber?: boolean;
  /** On a wide screen: many words, which get room, or one that is never torn. */
  width?: "wide" | "whole";
};

type Props<Row> = {
  /** What the table is about, for who does not see it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  /** Where a row leads. The first cell is the link. */
  href?(row: Row): string | null;
  /** Shown in place of rows that are not there: says what to do. */
  empty: ComponentChildren;
  /** There are more: asks for the next page. */
  more?: (() => void) | undefined;
  isBusy?: boolean;
  tone?(row: Row): "good" | "warn" | "bad" | "quiet" | undefined;
};

/** Rows beyond so many are drawn only where one looks. */
const ROWS_DRAWN_MAX = 150;
/** Drawn anew when so many rows have gone by: half of those that wait beyond the edge, and not at each pixel. */
const ROWS_STEP = 15;

/** A table on wide screens, cards on phones: each cell carries its heading. 100,000 rows stay smooth: only those in view exist. */
export function Table<Row>({ label, columns, rows, rowKey, href, empty, more, isBusy = false, tone }: Props<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, last, above, below } = useWindow(body, rows.length);
  if (rows.length === 0 && !isBusy) return <div class="table">{empty}</div>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide one scrolls sideways, and that has to be done by the keyboard too
    <div class="table" tabIndex={0}>
      <table aria-label={label} aria-busy={isBusy} aria-rowcount={rows.length}>
        <thead>
          <tr>
            {columns.map(({ head, isNumber }) => (
              <th key={head} scope="col" class={isNumber ? "number" : ""}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Spacer height={above} />
          {rows.slice(first, last).map((row, offset) => (
            <tr key={rowKey(row)} class={tone?.(row) ?? ""} aria-rowindex={first + offset + 1}>
              {columns.map(({ head, cell, isNumber, width = "" }, index) => (
                <td key={head} data-head={head} class={isNumber ? "number" : width}>
                  {index === 0 ? linked(href?.(row) ?? null, cell(row)) : cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Spacer height={below} />
        </tbody>
      </table>
      <div class="row foot">
        {!(isBusy && rows.length === 0) && (
          <small class="quiet">{t(more === undefined ? "all_shown" : "shown", { n: rows.length })}</small>
        )}
        {more !== undefined && (
          <Button busy={isBusy} onClick={more}>
            {t("more")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The room of the rows that are not drawn. */
const Spacer = ({ height }: { height: number }) =>
  height === 0 ? null : (
    <tr class="spacer" style={{ height: `${height}px` }}>
      <td />
    </tr>
  );

const linked = (to: string | null, children: ComponentChildren) =>
  to === null ? children : <a href={to}>{children}</a>;

/** Which rows are in view, from where the body of the table stands on the screen and how high its rows are. */
function useWindow(body: { current: HTMLTableSectionElement | null }, count: number) {
  const [, again] = useState(0);
  const isLong = count > ROWS_DRAWN_MAX;
  useEffect(() => {
    if (!isLong) return;
    let frame = 0;
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => again(placeOf(body.current)));
    };
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    look();
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [isLong]);
  if (!isLong) return { first: 0, last: count, above: 0, below: 0 };
  const rowHeight = heightOf(body.current);
  const top = body.current?.getBoundingClientRect().top ?? 0;
  return windowOf({ count, rowHeight, scrolled: -top, viewHeight: innerHeight });
}

const heightOf = (body: HTMLTableSectionElement | null) =>
  body?.querySelector<HTMLElement>("tr:not(.spacer)")?.offsetHeight ?? 0;

/** Which step of rows is at the upper edge of the screen: while it is the same one, nothing is drawn. */
function placeOf(body: HTMLTableSectionElement | null): number {
  const height = heightOf(body);
  return body === null || height === 0 ? 0 : Math.floor(-body.getBoundingClientRect().top / (height * ROWS_STEP));
}
