import type { ReportTable } from "../../../src/domain/metrics/document.ts";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";

type Numbered = { nth: number; cells: readonly string[] };

/** The lines of a frozen table, as they stand on its paper. */
export const Printed = ({ table: { title, columns, rows, note } }: { table: ReportTable }) => (
  <Panel title={title} foot={note ?? undefined}>
    <Table<Numbered>
      label={title}
      rows={rows.map((cells, nth) => ({ nth, cells }))}
      rowKey={({ nth }) => String(nth)}
      empty={<Empty title={note ?? "–"} />}
      columns={columns.map(({ head, isNumber }, n) => ({
        head,
        cell: ({ cells }: Numbered) => cells[n] ?? "",
        isNumber,
      }))}
    />
  </Panel>
);
