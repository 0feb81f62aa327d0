import { Tabs } from '@mantine/core';
import { lazy, Suspense, useRef } from 'react';
import { useCommand } from '../../commands';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Chat } from './Chat';
import './commands';
import classes from './ExchangeDetail.module.css';
import { Trouble } from './Trouble';
import { useHeads } from './useHeads';
import { type View, viewNames, views } from './views';

export type { View } from './views';

const Bodies = lazy(() => import('./Bodies'));
const Hex = lazy(() => import('./Hex'));
const Stream = lazy(() => import('./Stream'));
const Headers = lazy(() => import('./Headers'));
const Timing = lazy(() => import('./Timing'));

interface ExchangeDetailProps {
  /** of the exchange; the component follows it while it still arrives */
  id: string;
  view: View;
  onView(view: View): void;
  /** only the answer (Repeater) instead of both sides */
  answerOnly?: boolean;
}

/** ExchangeDetail shows one exchange in one of its views, with the tabs to choose. */
export function ExchangeDetail({ id, view, onView, answerOnly = false }: ExchangeDetailProps) {
  const box = useRef<HTMLElement>(null);
  useCommand('exchange.chat', () => onView('chat'));
  useCommand('exchange.pretty', () => onView('pretty'));
  useCommand('exchange.raw', () => onView('raw'));
  useCommand('exchange.hex', () => onView('hex'));
  useCommand('exchange.stream', () => onView('stream'));
  return (
    <section ref={box} className={classes.detail} data-scope="viewer" aria-label={t('exchange.label')}>
      <Tabs
        value={view}
        onChange={(next) => next && onView(next as View)}
        variant="default"
        keepMounted={false}
        className={classes.tabs ?? ''}
      >
        <Tabs.List aria-label={t('exchange.tabs')}>
          {views.map((each, at) => (
            <Tabs.Tab key={each} value={each} className={classes.tab ?? ''}>
              {t(viewNames[each])}
              {at < 5 && (
                <kbd className={classes.key} aria-hidden>
                  {at + 1}
                </kbd>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view} className={classes.panel ?? ''}>
          <Pane key={id} id={id} view={view} onView={onView} answerOnly={answerOnly} />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function Pane({ id, view, onView, answerOnly }: Required<ExchangeDetailProps>) {
  const heads = useHeads(id);
  if (heads.error) return <ErrorState error={heads.error} onRetry={heads.refetch} />;
  if (!heads.data) return <Loading />;
  const shown = { id, heads: heads.data, live: heads.live, news: heads.news, answerOnly };
  return (
    <>
      <Trouble heads={heads.data} />
      <div className={classes.pane}>
        <Suspense fallback={<Loading />}>
          {view === 'chat' && <Chat {...shown} onView={onView} />}
          {(view === 'pretty' || view === 'raw') && <Bodies key={view} {...shown} form={view} />}
          {view === 'hex' && <Hex {...shown} />}
          {view === 'stream' && <Stream {...shown} />}
          {view === 'headers' && <Headers {...shown} />}
          {view === 'timing' && <Timing {...shown} />}
        </Suspense>
      </div>
    </>
  );
}
