import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconScissors } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import classes from './Preview.module.css';
import type { Shown, usePreview } from './queries';
import { change } from './store';

/** Preview is the report itself, as it would be sent. */
export function Preview({ preview }: { preview: ReturnType<typeof usePreview> }) {
  const { data, error, behind, refetch } = preview;
  return (
    <div className={classes.preview} data-pane="reports-preview" aria-busy={behind}>
      {behind && data && <div className={classes.busy} role="progressbar" aria-label={t('reports.busy')} />}
      {error ? (
        <div className={classes.state}>
          <ErrorState error={error} onRetry={() => void refetch()} />
        </div>
      ) : !data ? (
        <Loading rows={12} />
      ) : data.large ? (
        <Large bytes={data.bytes} />
      ) : (
        <Page shown={data} />
      )}
    </div>
  );
}

/** Large says that a report has outgrown what can be sent, and what makes it smaller. */
export function Large({ bytes }: { bytes: number }) {
  return (
    <div className={classes.large} role="alert">
      <p>{t('reports.large.text', { size: formatBytes(bytes) })}</p>
      <Button
        size="compact-sm"
        leftSection={<IconScissors size={15} />}
        onClick={() => change({ evidence: 1 })}
      >
        {t('reports.large.fewer')}
      </Button>
    </div>
  );
}

/** WIDE is how wide the page of a report is at least, in its own pixels: a narrow window shows it smaller, as paper. */
const WIDE = 800;

interface Sheet {
  key: number;
  html: string;
  /** it is seen */
  ready: boolean;
  /** it was laid out once */
  loaded: boolean;
}

// The page stands in a frame that runs nothing and reaches nothing: no scripts, an origin of its own, the window's policy
// and the page's own. The one before stays until the new one is laid out, so that nothing flickers.
function Page({ shown }: { shown: Shown }) {
  const { ref, width, height } = useElementSize();
  const [sheets, setSheets] = useState<Sheet[]>([]);
  useEffect(() => {
    setSheets((now) => [...now.filter(({ ready }) => ready).slice(-1), sheet(now, shown.html)]);
  }, [shown.html]);
  const loaded = (key: number) =>
    setSheets((now) => {
      const one = now.find((each) => each.key === key);
      if (!one) return now;
      // A link in it was followed, and led nowhere: the page comes back.
      if (one.loaded) return [sheet(now, one.html, true)];
      return [{ ...one, ready: true, loaded: true }];
    });
  const wide = Math.max(width, WIDE);
  const scale = width > 0 ? width / wide : 1;
  return (
    <div ref={ref} className={classes.page}>
      {sheets.map(({ key, html, ready }) => (
        <iframe
          key={key}
          className={classes.frame}
          data-ready={ready || undefined}
          title={t('reports.page', { title: shown.title })}
          sandbox=""
          referrerPolicy="no-referrer"
          srcDoc={html}
          style={
            scale < 1
              ? { width: wide, height: height / scale, transform: `scale(${scale})` }
              : { width: '100%', height: '100%' }
          }
          onLoad={() => loaded(key)}
        />
      ))}
    </div>
  );
}

// Seen at once where it takes the place of the same page.
function sheet(now: Sheet[], html: string, ready = false): Sheet {
  return { key: Math.max(0, ...now.map(({ key }) => key)) + 1, html, ready, loaded: false };
}
