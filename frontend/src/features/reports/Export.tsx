import { ActionIcon, Alert, Button, Select } from '@mantine/core';
import { IconDownload, IconExternalLink, IconEyeCheck, IconPackageExport, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { ApiError, api, type go } from '../../api';
import { useCommand } from '../../commands';
import { useSession } from '../../frame/session';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { saved, tried } from '../actions/act';
import base from '../inventory/inventory.module.css';
import classes from './Export.module.css';
import { Large } from './Preview';
import { type usePreview, useRenewMade } from './queries';
import { change, useReports } from './store';
import { formatText, formatWord, values } from './words';

interface ExportProps {
  choices: go.ReportChoices;
  form: go.ReportForm;
  preview: ReturnType<typeof usePreview>;
}

/** Export writes the report as a file, and says what came of it. */
export function Export({ choices, form, preview }: ExportProps) {
  const [busy, setBusy] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const done = useReports((state) => state.done);
  const renew = useRenewMade();
  const desktop = useSession().data?.mode === 'desktop';
  const formats = choices.formats.filter(({ id }) => id !== 'bundle');
  const format = formats.find(({ id }) => id === form.format)?.id ?? formats[0]?.id ?? '';
  const write = async (as: string) => {
    if (busy || !as) return;
    setBusy(as);
    setFailed(null);
    useReports.setState({ done: null });
    try {
      const out = await api.reports.Export({ form: useReports.getState().form ?? form, format: as });
      if (out.made.sha256) {
        if (out.download) {
          await saved({ download: out.download, name: out.name, job: noJob });
        }
        useReports.setState({ done: out });
        await renew();
      }
    } catch (reason) {
      setFailed(reason);
    } finally {
      setBusy('');
    }
  };
  const bundle = choices.formats.some(({ id }) => id === 'bundle');
  const ready = !preview.error && !!preview.data;
  useCommand('reports.export', () => void write(format), ready && !busy);
  useCommand('reports.bundle', () => void write('bundle'), ready && !busy && bundle);
  const shown = values(preview.data?.hidden ?? []).shown;
  return (
    <div className={classes.export} data-pane="reports-export">
      <div className={classes.bar}>
        <Select
          aria-label={t('reports.export.format')}
          data={formats.map(({ id }) => ({ value: id, label: formatWord(id) }))}
          value={format}
          allowDeselect={false}
          className={classes.format ?? ''}
          onChange={(next) => next && change({ format: next })}
        />
        <Button
          leftSection={<IconDownload size={15} />}
          loading={busy === format}
          disabled={!ready || (busy !== '' && busy !== format)}
          onClick={() => void write(format)}
        >
          {desktop
            ? t('reports.export.save', { format: formatWord(format) })
            : t('reports.export.download', { format: formatWord(format) })}
        </Button>
        {bundle && (
          <Button
            variant="default"
            leftSection={<IconPackageExport size={15} />}
            title={t('reports.export.bundleText')}
            loading={busy === 'bundle'}
            disabled={!ready || (busy !== '' && busy !== 'bundle')}
            onClick={() => void write('bundle')}
          >
            {t('reports.export.bundle')}
          </Button>
        )}
        <span className={classes.text}>{formatText(format)}</span>
        {shown > 0 && (
          <span className={classes.warn}>
            <IconEyeCheck size={15} aria-hidden /> {t('reports.export.shown', { n: shown })}
          </span>
        )}
      </div>
      {failed !== null && <Failed error={failed} onAway={() => setFailed(null)} />}
      {done && <Done done={done} />}
    </div>
  );
}

const noJob: go.Job = { id: '', kind: '', what: '', done: 0, all: 0, state: '', note: '' };

function Failed({ error, onAway }: { error: unknown; onAway(): void }) {
  const { code, message, hint } = ApiError.from(error);
  if (code === 'too-large') return <Large bytes={50 * 1024 * 1024} />;
  return (
    <Alert
      color="red"
      role="alert"
      title={message}
      className={classes.came ?? ''}
      withCloseButton
      closeButtonLabel={t('frame.close')}
      onClose={onAway}
    >
      {hint}
    </Alert>
  );
}

// What was written: its name, its size, and the hash by which a reader knows that it is this one.
function Done({ done }: { done: go.ReportExportOut }) {
  const { made, name } = done;
  return (
    <div className={classes.done} role="status">
      <span className={classes.file}>
        <Visible text={name} />
      </span>
      <span className={base.dim}>{formatBytes(made.bytes)}</span>
      <span className={classes.hash}>
        <span className={base.dim}>SHA-256</span> <code>{made.sha256.slice(0, 16)}…</code>
        <Copy text={made.sha256} title={t('reports.export.copyHash')} />
      </span>
      {made.open && (
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconExternalLink size={14} />}
          onClick={() => void openReport(made.sha256)}
        >
          {t('reports.export.open')}
        </Button>
      )}
      <ActionIcon
        className={classes.away ?? ''}
        aria-label={t('frame.close')}
        onClick={() => useReports.setState({ done: null })}
      >
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

/** openReport opens a report that was written in this session, in another program. */
export function openReport(sha256: string): Promise<void> {
  return tried(async () => {
    await api.reports.Open({ sha256 });
  });
}
