import { SegmentedControl } from '@mantine/core';
import type { go } from '../../api';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime, formatTime } from '../../i18n/format';
import { Severity, severities } from '../findings/parts';
import base from '../inventory/inventory.module.css';
import { type Bar, Bars } from './Bars';
import { useTimeline } from './queries';
import { type Range, ranges, useThreats } from './store';
import classes from './Watch.module.css';

/** Timeline is what was seen when: by minutes of the last hour, of the last day, or of everything. */
export function Timeline() {
  const range = useThreats((state) => state.range);
  const { data, error, refetch } = useTimeline(range);
  const inSight = severities.filter((severity) =>
    data?.found.some(({ counts }) => counts.some(({ value }) => value === severity)),
  );
  return (
    <section className={classes.timeline} aria-label={t('threats.timeline.label')}>
      <div className={classes.timelineHead}>
        <SegmentedControl
          size="xs"
          aria-label={t('threats.timeline.range')}
          value={range}
          data={ranges.map((value) => ({ value, label: t('threats.timeline.name', { range: value }) }))}
          onChange={(next) => useThreats.setState({ range: next as Range })}
        />
        <span className={base.dim} role="status">
          {data && t('threats.timeline.total', { n: data.total, range })}
        </span>
        <span className={classes.legend}>
          {inSight.map((severity) => (
            <span key={severity}>
              <span className={classes.swatch} data-severity={severity} aria-hidden />
              <Severity severity={severity} />
            </span>
          ))}
        </span>
      </div>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        data && data.total > 0 && <Picture out={data} range={range} />
      )}
    </section>
  );
}

function Picture({ out, range }: { out: go.ThreatTimelineOut; range: Range }) {
  const begin = Date.parse(out.from);
  const name = range === 'hour' ? formatTime : formatDateTime;
  const stamp = (at: number) => name(new Date(begin + at * out.step_ms).toISOString());
  const by = new Map(out.found.map((bar) => [bar.at, bar]));
  const bars: Bar[] = Array.from({ length: out.bars }, (_, at) => {
    const found = by.get(at);
    return { name: stamp(at), n: found?.n ?? 0, parts: found?.counts ?? [] };
  });
  return (
    <Bars
      label={t('threats.timeline.picture', { n: out.total, range })}
      head={t('threats.timeline.from')}
      bars={bars}
      axis={[stamp(0), stamp(out.bars)]}
    />
  );
}
