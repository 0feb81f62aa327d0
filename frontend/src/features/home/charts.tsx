// Pictures of numbers over time. Each has its table behind it.
import { SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import classes from './charts.module.css';

const HEIGHT = 168;
const LEFT = 34;
const TOP = 10;
const BOTTOM = 24;
const RIGHT = 10;

/** LooksSwitch chooses between a picture and its table. */
export function LooksSwitch({
  label,
  table,
  onTable,
}: {
  label: string;
  table: boolean;
  onTable(on: boolean): void;
}) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      data={[
        { value: 'chart', label: t('home.chart.picture') },
        { value: 'table', label: t('home.chart.table') },
      ]}
      value={table ? 'table' : 'chart'}
      onChange={(value) => onTable(value === 'table')}
    />
  );
}

/** useLooks holds whether a table is shown in place of a picture. */
export function useLooks() {
  const [table, onTable] = useState(false);
  return { table, onTable };
}

interface FrameProps {
  /** what the picture says, in a sentence */
  label: string;
  /** the least and greatest value */
  most: number;
  /** values that have a line across */
  lines: readonly number[];
  /** what stands below, from the first to the last */
  from: string;
  to: string;
  children(size: Plot): ReactNode;
}

/** Plot says where values are. */
export interface Plot {
  left: number;
  right: number;
  bottom: number;
  width: number;
  y(value: number): number;
}

/** Frame is the ground of a picture: its axes, and lines across. */
export function Frame({ label, most, lines, from, to, children }: FrameProps) {
  const { ref, width: measured } = useElementSize();
  const width = Math.max(measured || 480, 160);
  const bottom = HEIGHT - BOTTOM;
  const y = (value: number) => bottom - ((bottom - TOP) * Math.max(0, Math.min(most, value))) / (most || 1);
  const plot: Plot = { left: LEFT, right: width - RIGHT, bottom, width: width - LEFT - RIGHT, y };
  return (
    <div ref={ref} className={classes.frame}>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
        {lines.map((value) => (
          <g key={value} className={classes.across}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value)} textAnchor="end" dominantBaseline="central">
              {formatNumber(value)}
            </text>
          </g>
        ))}
        {children(plot)}
        <g className={classes.across}>
          <text x={LEFT} y={HEIGHT - 6}>
            {from}
          </text>
          {to !== from && (
            <text x={width - RIGHT} y={HEIGHT - 6} textAnchor="end">
              {to}
            </text>
          )}
        </g>
      </svg>
    </div>
  );
}

interface Point {
  value: number;
  /** the value is only what it cannot be above */
  open: boolean;
  title: string;
}

/** Line goes through points, evenly spaced; those that are no value are hollow, and the line there is dashed. */
export function Line({ points, plot }: { points: readonly Point[]; plot: Plot }) {
  const step = plot.width / Math.max(points.length - 1, 1);
  const x = (at: number) => (points.length === 1 ? plot.left + plot.width / 2 : plot.left + at * step);
  return (
    <g className={classes.line}>
      {points.slice(1).map((point, at) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: points in order
          key={at}
          x1={x(at)}
          y1={plot.y(points[at]?.value ?? 0)}
          x2={x(at + 1)}
          y2={plot.y(point.value)}
          data-open={point.open || points[at]?.open || undefined}
        />
      ))}
      {points.map((point, at) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: points in order
          key={at}
          cx={x(at)}
          cy={plot.y(point.value)}
          r={points.length > 40 ? 2.5 : 4}
          data-open={point.open || undefined}
        >
          <title>{point.title}</title>
        </circle>
      ))}
    </g>
  );
}

interface Stack {
  parts: readonly { name: string; n: number }[];
  title: string;
}

/** Stacks are columns of parts, the first part at the bottom. */
export function Stacks({ stacks, plot }: { stacks: readonly Stack[]; plot: Plot }) {
  const step = plot.width / Math.max(stacks.length, 1);
  const thick = Math.min(28, Math.max(2, step * 0.7));
  return (
    <g>
      {stacks.map(({ parts, title }, at) => {
        let below = 0;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns in order
          <g key={at} className={classes.stack}>
            <title>{title}</title>
            {parts.map(({ name, n }) => {
              const top = plot.y(below + n);
              const height = plot.y(below) - top;
              below += n;
              return (
                n > 0 && (
                  <rect
                    key={name}
                    x={plot.left + at * step + (step - thick) / 2}
                    y={top}
                    width={thick}
                    height={height}
                    data-severity={name}
                  />
                )
              );
            })}
          </g>
        );
      })}
    </g>
  );
}

interface TableProps {
  label: string;
  head: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

/** NumbersTable is what a picture shows, as a table. */
export function NumbersTable({ label, head, rows }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <section className={classes.scrolls} tabIndex={0} aria-label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            {head.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns in order
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** nice is the least round number that is no smaller. */
export function nice(n: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
  return [1, 2, 4, 5, 10].map((by) => by * size).find((round) => round >= n) ?? n;
}
