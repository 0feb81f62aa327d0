import { Button, Group, Modal } from '@mantine/core';
import { IconEye, IconEyeCheck, IconEyeOff, IconShieldLock } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { api, type go } from '../../api';
import { notifyUndo } from '../../frame/notify';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { tried } from '../actions/act';
import base from '../inventory/inventory.module.css';
import { Failed, Scrolls } from '../inventory/parts';
import classes from './Hidden.module.css';
import type { usePreview } from './queries';
import { anew, useReports } from './store';
import { kindCount, kindList, values } from './words';

/** HiddenLine says in one line what is hidden in the report, and leads to it. */
export function HiddenLine({ preview, onOpen }: { preview: go.ReportPreview | undefined; onOpen(): void }) {
  if (!preview) return null;
  const { hidden, shown } = values(preview.hidden);
  return (
    <div className={classes.line} role="status">
      <IconShieldLock size={16} aria-hidden />
      {hidden === 0 ? (
        <span>{t('reports.hidden.none')}</span>
      ) : (
        <button type="button" className={base.link} onClick={onOpen}>
          {t('reports.hidden.line', { n: hidden, kinds: kindList(preview.hidden) })}
        </button>
      )}
      {shown > 0 && (
        <button type="button" className={classes.warnLink} onClick={onOpen}>
          <IconEyeCheck size={15} aria-hidden /> {t('reports.hidden.shown', { n: shown })}
        </button>
      )}
      {preview.shortened.length > 0 && (
        <span className={base.dim} title={preview.shortened.join('\n')}>
          {t('reports.shortened', { n: preview.shortened.length })}
        </span>
      )}
    </div>
  );
}

/** Hidden is what the report hides, by type. A value is fetched when somebody asks to see that one. */
export function Hidden({ preview }: { preview: ReturnType<typeof usePreview> }) {
  const { data, error, refetch } = preview;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={8} />;
  if (data.hidden.length === 0) {
    return (
      <EmptyState
        icon={<IconShieldLock size={40} />}
        title={t('reports.hidden.none')}
        text={t('reports.hidden.noneText')}
      />
    );
  }
  const { hidden, shown } = values(data.hidden);
  return (
    <Scrolls label={t('reports.hidden.title')} pane="reports-hidden" className={classes.panel}>
      <h2>{t('reports.hidden.sum', { n: hidden, kinds: kindList(data.hidden, 6) })}</h2>
      <p className={base.nothing}>{t('reports.hidden.text')}</p>
      {shown > 0 && (
        <p className={classes.warn} role="status">
          <IconEyeCheck size={15} aria-hidden /> {t('reports.hidden.shownText', { n: shown })}
        </p>
      )}
      {data.hidden.map((kind) => (
        <Kind key={`${kind.class} ${kind.word}`} kind={kind} preview={data.id} />
      ))}
    </Scrolls>
  );
}

const FEW = 12;

function Kind({ kind, preview }: { kind: go.HiddenKind; preview: string }) {
  const [all, setAll] = useState(false);
  const some = all ? kind.items : kind.items.slice(0, FEW);
  return (
    <section className={classes.kind} aria-label={kind.many}>
      <h3>
        <Visible text={kindCount(kind)} />
        <span className={base.tag}>
          {kind.class === 'secret' ? t('reports.hidden.secret') : t('reports.hidden.personal')}
        </span>
      </h3>
      <ul>
        {some.map((item) => (
          <Value key={item.placeholder} item={item} kind={kind} preview={preview} />
        ))}
      </ul>
      {kind.items.length > some.length && (
        <button type="button" className={base.link} onClick={() => setAll(true)}>
          {t('reports.hidden.all', { n: kind.items.length })}
        </button>
      )}
    </section>
  );
}

interface ValueProps {
  item: go.HiddenValue;
  kind: go.HiddenKind;
  preview: string;
}

function Value({ item, kind, preview }: ValueProps) {
  const [seen, setSeen] = useState<go.HiddenOut | null>(null);
  const [asking, setAsking] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const { placeholder, count, shown } = item;
  // In another report the same placeholder may stand for something else.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the preview is what it is about
  useEffect(() => setSeen(null), [preview]);
  const look = async () => {
    setFailed(null);
    if (seen) {
      setSeen(null);
      return;
    }
    try {
      setSeen(await api.reports.Look({ preview, placeholder }));
    } catch (reason) {
      setFailed(reason);
    }
  };
  return (
    <li className={classes.value} data-shown={shown || undefined}>
      <code className={classes.placeholder}>
        <Visible text={placeholder} />
      </code>
      <span className={base.dim}>{t('reports.hidden.times', { n: count })}</span>
      {shown && <span className={classes.mark}>{t('reports.hidden.isShown')}</span>}
      <span className={classes.acts}>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-expanded={!!seen}
          aria-label={
            seen
              ? t('reports.hidden.coverName', { placeholder })
              : t('reports.hidden.lookName', { placeholder })
          }
          leftSection={seen ? <IconEyeOff size={14} /> : <IconEye size={14} />}
          onClick={() => void look()}
        >
          {seen ? t('reports.hidden.cover') : t('reports.hidden.look')}
        </Button>
        {shown ? (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('reports.hidden.hideName', { placeholder })}
            onClick={() => void setShown(preview, placeholder, false)}
          >
            {t('reports.hidden.hide')}
          </Button>
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={t('reports.hidden.showName', { placeholder })}
            onClick={() => setAsking(true)}
          >
            {t('reports.hidden.show')}
          </Button>
        )}
      </span>
      {seen && <Seen seen={seen} />}
      {failed !== null && <ErrorState error={failed} />}
      {asking && (
        <Ask
          placeholder={placeholder}
          word={kind.word}
          n={count}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            void setShown(preview, placeholder, true);
          }}
        />
      )}
    </li>
  );
}

function Seen({ seen }: { seen: go.HiddenOut }) {
  if (seen.sealed) return <p className={classes.sealed}>{t('reports.hidden.sealed')}</p>;
  return (
    <div className={classes.seen} data-seen>
      <Visible text={seen.value} />
      {seen.more > 0 && (
        <span className={base.dim}> {t('reports.hidden.cut', { size: formatBytes(seen.more) })}</span>
      )}
    </div>
  );
}

// What is shown is taken back by the preview that is there then: hiding more than was meant harms nobody.
function setShown(preview: string, placeholder: string, on: boolean): Promise<void> {
  return tried(async () => {
    await api.reports.Show({ preview, placeholder, on });
    anew();
    if (!on) return;
    notifyUndo(t('reports.hidden.nowShown', { placeholder }), async () => {
      await api.reports.Show({ preview: useReports.getState().preview, placeholder, on: false });
      anew();
    });
  });
}

interface AskProps {
  placeholder: string;
  word: string;
  n: number;
  onYes(): void;
  onNo(): void;
}

function Ask({ placeholder, word, n, onYes, onNo }: AskProps) {
  return (
    <Modal opened onClose={onNo} title={t('reports.ask.title', { placeholder })}>
      <p className={base.paragraph}>{t('reports.ask.text', { word, n })}</p>
      <p className={base.nothing}>{t('reports.ask.log')}</p>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" data-autofocus onClick={onNo}>
          {t('reports.ask.no')}
        </Button>
        <Button color="red" onClick={onYes}>
          {t('reports.ask.yes')}
        </Button>
      </Group>
    </Modal>
  );
}
