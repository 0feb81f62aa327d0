import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { severities, severityWord } from '../findings/parts';
import { whenWord } from '../inventory/words';
import { Frame, Line, LooksSwitch, NumbersTable, nice, Stacks, useLooks } from './charts';
import chart from './charts.module.css';
import { Answered, Card, Empty, Evidence } from './parts';
import { usePosture } from './queries';
import classes from './Trend.module.css';
import { causeWord, moveWord, points, signed } from './words';

/** Trend is how the score went, and what moved it. */
export function Trend() {
  const posture = usePosture('');
  const looks = useLooks();
  const some = (posture.data?.trend.length ?? 0) > 0;
  return (
    <Card
      title={t('home.trend.title')}
      aside={some && <LooksSwitch label={t('home.trend.looks')} {...looks} />}
    >
      <Answered query={posture} rows={6}>
        {({ trend: items, moved }) =>
          items.length === 0 ? (
            <Empty>
              <p>{t('home.trend.none')}</p>
            </Empty>
          ) : (
            <div className={classes.body}>
              {looks.table ? <Scores items={items} /> : <ScoreLine items={items} />}
              {items.length === 1 && !looks.table && <p className={classes.faint}>{t('home.trend.one')}</p>}
              <Moves moved={moved} />
            </div>
          )
        }
      </Answered>
    </Card>
  );
}

function scoreWord({ enough, score, grade }: go.HomeSnapshot): string {
  return enough
    ? t('home.trend.score', { score: points(score), grade })
    : t('home.trend.atMost', { most: points(score) });
}

function ScoreLine({ items }: { items: readonly go.HomeSnapshot[] }) {
  const first = items[0];
  const last = items.at(-1);
  if (!first || !last) return null;
  return (
    <Frame
      label={t('home.trend.spoken', { n: items.length, first: scoreWord(first), last: scoreWord(last) })}
      most={100}
      lines={[0, 50, 100]}
      from={whenWord(first.at)}
      to={whenWord(last.at)}
    >
      {(plot) => (
        <Line
          plot={plot}
          points={items.map((item) => ({
            value: item.score,
            open: !item.enough,
            title: `${formatDateTime(item.at)}, ${causeWord(item.cause)}: ${scoreWord(item)}`,
          }))}
        />
      )}
    </Frame>
  );
}

function Cause({ cause }: { cause: string }) {
  return <Evidence evidence={cause} label={causeWord(cause)} />;
}

function Scores({ items }: { items: readonly go.HomeSnapshot[] }) {
  return (
    <NumbersTable
      label={t('home.chart.tableOf', { title: t('home.trend.title') })}
      head={[t('home.chart.when'), t('home.chart.cause'), t('home.chart.score')]}
      rows={items.toReversed().map((item) => ({
        key: `${item.at} ${item.cause}`,
        cells: [formatDateTime(item.at), <Cause key="cause" cause={item.cause} />, scoreWord(item)],
      }))}
    />
  );
}

const SHOWN = 4;

function Moves({ moved: { moves, more, since, cause } }: { moved: go.HomeMoved }) {
  if (!since) return null;
  return (
    <div className={classes.moves}>
      <h3>
        {t('home.trend.moves')} <time dateTime={since}>{whenWord(since)}</time> (
        <Visible text={causeWord(cause)} />)
      </h3>
      <ul>
        {moves.slice(0, SHOWN).map((move, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two moves may say the same
          <li key={at}>
            <span className={classes.by} data-by={move.points > 0 ? 'up' : 'down'}>
              {signed(move.points)}
            </span>
            <span className={classes.what}>
              <span className={classes.kind}>{moveWord(move.kind)}</span> <Visible text={move.what} />
            </span>
            {move.ref && <Evidence evidence={move.ref} />}
          </li>
        ))}
      </ul>
      {moves.length + more > SHOWN && (
        <p className={classes.faint}>{t('home.more', { n: moves.length + more - SHOWN })}</p>
      )}
    </div>
  );
}

/** Severities are how many weaknesses were open, by how bad they are, over time. */
export function Severities() {
  const posture = usePosture('');
  const looks = useLooks();
  const some = (posture.data?.trend.length ?? 0) > 0;
  return (
    <Card
      title={t('home.severities.title')}
      aside={some && <LooksSwitch label={t('home.severities.looks')} {...looks} />}
    >
      <Answered query={posture} rows={6}>
        {({ trend: items }) =>
          items.length === 0 ? (
            <Empty>
              <p>{t('home.severities.none')}</p>
            </Empty>
          ) : (
            <div className={classes.body}>
              {looks.table ? <Counts items={items} /> : <Columns items={items} />}
            </div>
          )
        }
      </Answered>
    </Card>
  );
}

const named = (item: go.HomeSnapshot) =>
  severities.map((name, at) => ({ name, n: item.severities[at] ?? 0 }));

const spoken = (item: go.HomeSnapshot) =>
  named(item)
    .filter(({ n }) => n > 0)
    .map(({ name, n }) => `${n} ${severityWord(name)}`)
    .join(', ') || t('home.severities.zero');

function Columns({ items }: { items: readonly go.HomeSnapshot[] }) {
  const first = items[0];
  const last = items.at(-1);
  if (!first || !last) return null;
  const most = nice(Math.max(...items.map((item) => item.severities.reduce((sum, n) => sum + n, 0)), 1));
  return (
    <>
      <Frame
        label={t('home.severities.spoken', { n: items.length, last: spoken(last) })}
        most={most}
        lines={most > 1 ? [0, most / 2, most] : [0, 1]}
        from={whenWord(first.at)}
        to={whenWord(last.at)}
      >
        {(plot) => (
          <Stacks
            plot={plot}
            stacks={items.map((item) => ({
              parts: named(item),
              title: `${formatDateTime(item.at)}: ${spoken(item)}`,
            }))}
          />
        )}
      </Frame>
      <ul className={chart.key}>
        {severities.map((name) => (
          <li key={name}>
            <span data-severity={name}>{severityWord(name)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Counts({ items }: { items: readonly go.HomeSnapshot[] }) {
  return (
    <NumbersTable
      label={t('home.chart.tableOf', { title: t('home.severities.title') })}
      head={[t('home.chart.when'), ...severities.map(severityWord)]}
      rows={items.toReversed().map((item) => ({
        key: `${item.at} ${item.cause}`,
        cells: [formatDateTime(item.at), ...named(item).map(({ n }) => n)],
      }))}
    />
  );
}
