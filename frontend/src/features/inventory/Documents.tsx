import { Button, FileButton, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { notifyDone, notifyError } from '../../frame/notify';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './Documents.module.css';
import base from './inventory.module.css';
import { Nothing, When, Words } from './parts';
import { useDocuments, useRenew } from './queries';
import { useInventory } from './store';

// A description of an API that is larger is not one.
const MOST = 32_000_000;

/** Documents are the descriptions of APIs that traffic is compared with. */
export function Documents() {
  const { data, error, refetch } = useDocuments(true);
  const close = () => useInventory.setState({ dialog: null });
  return (
    <Modal opened onClose={close} title={t('inventory.documents.title')} size="52rem">
      <Stack>
        <p className={base.paragraph}>{t('inventory.documents.text')}</p>
        <Add />
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading rows={4} />}
        {data?.items.length === 0 && <Nothing>{t('inventory.documents.none')}</Nothing>}
        {data?.items.map((document) => (
          <Document key={document.id} document={document} />
        ))}
      </Stack>
    </Modal>
  );
}

function Document({ document }: { document: go.DocumentRow }) {
  const [sure, setSure] = useState(false);
  const renew = useRenew();
  const remove = async () => {
    try {
      await api.inventory.RemoveDocument({ id: document.id });
      notifyDone(t('inventory.documents.removed', { name: document.name }));
      renew();
    } catch (reason) {
      notifyError(reason);
    }
  };
  return (
    <section className={base.card} aria-label={document.name}>
      <div className={base.cardHead}>
        <h3>
          <Visible text={document.name} />
        </h3>
        <span className={base.dim}>
          <Visible text={document.form} /> · <When at={document.imported} />
        </span>
        {sure ? (
          <Button size="compact-xs" color="red" onClick={() => void remove()}>
            {t('inventory.documents.sure')}
          </Button>
        ) : (
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => setSure(true)}>
            {t('inventory.documents.remove')}
          </Button>
        )}
      </div>
      <p className={base.paragraph}>
        {t('inventory.documents.counts', {
          operations: document.operations,
          seen: document.seen,
          unseen: document.unseen,
          shadow: document.shadow,
        })}
      </p>
      <Words words={document.hosts} most={8} />
      <Problems list={document.problems} />
    </section>
  );
}

const shownProblems = 50;

function Problems({ list }: { list: string[] }) {
  if (list.length === 0) return null;
  return (
    <details className={classes.problems}>
      <summary>{t('inventory.documents.problems', { n: list.length })}</summary>
      <ul className={base.bullets}>
        {list.slice(0, shownProblems).map((problem) => (
          <li key={problem}>
            <Visible text={problem} />
          </li>
        ))}
      </ul>
      {list.length > shownProblems && (
        <Nothing>{t('inventory.more', { n: list.length - shownProblems })}</Nothing>
      )}
    </details>
  );
}

function Add() {
  const renew = useRenew();
  const [pasting, setPasting] = useState(false);
  const [text, setText] = useState('');
  const [hosts, setHosts] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [added, setAdded] = useState<go.DocumentRow | null>(null);
  const add = async (name: string, what: string) => {
    setBusy(true);
    setFailed(null);
    setAdded(null);
    try {
      const { document } = await api.inventory.AddDocument({ name, text: what, hosts: hosts.trim() });
      setAdded(document);
      setText('');
      setPasting(false);
      renew();
    } catch (reason) {
      setFailed(reason);
    }
    setBusy(false);
  };
  const read = async (file: File | null) => {
    if (!file) return;
    if (file.size > MOST) setFailed(new Error(t('inventory.documents.large', { size: formatBytes(MOST) })));
    else await add(file.name, await file.text());
  };
  return (
    <Stack gap="xs">
      <TextInput
        label={t('inventory.documents.hosts')}
        description={t('inventory.documents.hostsHelp')}
        value={hosts}
        spellCheck={false}
        onChange={(event) => setHosts(event.currentTarget.value)}
      />
      <Group gap="xs">
        <FileButton accept=".json,.yaml,.yml" onChange={(file) => void read(file)}>
          {(props) => (
            <Button {...props} data-autofocus loading={busy} leftSection={<IconFileImport size={15} />}>
              {t('inventory.documents.choose')}
            </Button>
          )}
        </FileButton>
        <Button variant="default" aria-expanded={pasting} onClick={() => setPasting(!pasting)}>
          {t('inventory.documents.paste')}
        </Button>
      </Group>
      {pasting && (
        <>
          <Textarea
            label={t('inventory.documents.pasted')}
            value={text}
            minRows={6}
            maxRows={14}
            autosize
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--as-mono)' } }}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button
              disabled={!text.trim()}
              loading={busy}
              onClick={() => void add(t('inventory.documents.pastedName'), text)}
            >
              {t('inventory.documents.add')}
            </Button>
          </Group>
        </>
      )}
      {failed !== null && <ErrorState error={failed} />}
      {added && (
        <p className={base.paragraph} role="status">
          {t('inventory.documents.added', { name: added.name, n: added.operations })}
        </p>
      )}
    </Stack>
  );
}
