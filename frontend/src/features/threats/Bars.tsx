import { useState } from 'react';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { severityWord } from '../findings/parts';
import base from '../inventory/inventory.module.css';
import { Scrolls } from '../inventory/parts';
import classes from './Bars.module.css';

/** A bar: how many, and of what. */
export interface Bar {
  name: string;
  n: number;
  /** by severity, the worst first; without it the bar is of one kind */
  parts?: readonly { value: string; n: number }[];
}

interface BarsProps {
  /** what is counted, in words that stand for the picture */
  label: string;
  bars: readonly Bar[];
  /** what stands above the names of the bars in the table */
  head: string;
  /** below the picture, from its start to its end */
  axis: readonly string[];
}

/** Bars is a picture of counts, with the same in a table behind it. */
export function Bars({ label, bars, head, axis }: BarsProps) {
  const most = Math.max(1, ...bars.map(({ n }) => n));
  const [table, setTable] = useState(false);
  const some = bars.filter(({ n }) => n > 0);
  return (
    <div>
      <div className={classes.bars} role="img" aria-label={label}>
        {bars.map((bar) => (
          <div key={bar.name} className={classes.bar} title={bar.n > 0 ? inWords(bar) : bar.name}>
            {(bar.parts ?? [{ value: '', n: bar.n }])
              .filter(({ n }) => n > 0)
              .map(({ value, n }) => (
                <span
                  key={value}
                  className={classes.part}
                  data-severity={value || undefined}
                  style={{ height: `${(n / most) * 100}%` }}
                />
              ))}
          </div>
        ))}
      </div>
      <div className={classes.axis}>
        <span aria-hidden>{axis[0]}</span>
        {some.length > 0 && (
          <button type="button" className={base.link} aria-expanded={table} onClick={() => setTable(!table)}>
            {t('threats.bars.table')}
          </button>
        )}
        <span aria-hidden>{axis.at(-1)}</span>
      </div>
      {table && (
        <Scrolls label={label} className={classes.table}>
          <table>
            <thead>
              <tr>
                <th scope="col">{head}</th>
                <th scope="col">{t('threats.bars.count')}</th>
              </tr>
            </thead>
            <tbody>
              {some.map((bar) => (
                <tr key={bar.name}>
                  <th scope="row">{bar.name}</th>
                  <td>{bar.parts ? ofParts(bar) : formatNumber(bar.n)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolls>
      )}
    </div>
  );
}

const ofParts = ({ n, parts = [] }: Bar) =>
  `${formatNumber(n)} (${parts.map((part) => `${severityWord(part.value)} ${formatNumber(part.n)}`).join(', ')})`;

const inWords = (bar: Bar) => `${bar.name}: ${bar.parts ? ofParts(bar) : formatNumber(bar.n)}`;
