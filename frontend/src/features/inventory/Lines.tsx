import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleDot,
  IconInfoCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import type { go } from '../../api';
import { formatTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { openAsset, openEndpoint, openExchange } from './acts';
import base from './inventory.module.css';
import classes from './Lines.module.css';
import { New, Nothing, When } from './parts';
import { changeWord, severityWord } from './words';

const signs: Record<string, TablerIcon> = {
  high: IconAlertOctagon,
  medium: IconAlertTriangle,
  low: IconInfoCircle,
};

/** opened shows what a line is about. */
function opened({ endpoint, asset, exchange }: go.InventoryLine): (() => void) | undefined {
  const some = (id: string) => id !== '' && id !== '0';
  if (some(endpoint)) return () => openEndpoint(endpoint);
  if (some(asset)) return () => openAsset(asset);
  return some(exchange) ? () => openExchange(exchange) : undefined;
}

// An operation stands in brackets in sentences, and without them in names.
const bare = (text: string) => text.replace(/[()]/g, '');

interface LineProps {
  line: go.InventoryLine;
  /** the clock is enough where the day stands above it */
  clock: boolean;
  /** where it stands says already what it is about */
  own?: boolean;
}

/** Line is one change: what, of what, when, how bad. */
export function Line({ line, clock, own = false }: LineProps) {
  const open = opened(line);
  const Sign = signs[line.severity] ?? IconCircleDot;
  const exchange = line.exchange !== '' && line.exchange !== '0';
  return (
    <li className={classes.change} data-severity={line.severity}>
      <Sign size={16} className={classes.sign ?? ''} aria-label={severityWord(line.severity)} role="img" />
      <span className={base.dim}>
        {clock ? <time dateTime={line.found}>{formatTime(line.found)}</time> : <When at={line.found} />}
      </span>
      <div className={classes.changeText}>
        <p>
          {line.new && <New />}
          <strong>{changeWord(line.kind)}</strong>{' '}
          {own ? null : open ? (
            <button type="button" className={base.link} onClick={open}>
              <Visible text={line.subject || line.what} />
            </button>
          ) : (
            <Visible text={line.subject} />
          )}
        </p>
        {line.what && line.subject && !bare(line.what).startsWith(bare(line.subject)) && (
          <p className={base.dim}>
            <Visible text={line.what} />
          </p>
        )}
        {line.detail && (
          <p className={base.mono}>
            <Visible text={line.detail} />
          </p>
        )}
      </div>
      {exchange && (
        <button type="button" className={base.link} onClick={() => openExchange(line.exchange)}>
          #{line.exchange}
        </button>
      )}
    </li>
  );
}

/** Lines are changes of one thing, an endpoint or an asset. */
export function Lines({ lines, of, none }: { lines: go.InventoryLine[]; of: string; none: string }) {
  if (lines.length === 0) return <Nothing>{none}</Nothing>;
  return (
    <ul className={base.bare}>
      {lines.map((line) => (
        <Line key={line.id} line={line} clock={false} own={line.endpoint === of || line.asset === of} />
      ))}
    </ul>
  );
}
