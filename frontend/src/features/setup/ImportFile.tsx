import { Alert, Button, Group, Progress, Select, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import '@mantine/dropzone/styles.css';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, type go, upload } from '../../api';
import { choosePath } from '../../frame/choose';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './setup.module.css';
import { Tile } from './Tile';

const formats = [
  { value: 'auto', label: t('setup.import.auto') },
  { value: 'har', label: 'HAR' },
  { value: 'jsonl', label: 'JSONL' },
  { value: 'burp', label: 'Burp' },
  { value: 'mitmproxy', label: 'mitmproxy' },
  { value: 'postman', label: 'Postman' },
  { value: 'curl', label: 'curl' },
];

async function send(file: File, format: string): Promise<go.ImportOut> {
  const query = new URLSearchParams({ name: file.name, format });
  const response = await upload(`/import?${query}`, file);
  return response.json();
}

/** ImportFile takes a file by drag and drop, from a dialog, or by its path. */
export function ImportFile() {
  const [format, setFormat] = useState('auto');
  const dialog = useRef<() => void>(null);
  const read = useMutation({
    mutationFn: (from: File | string) =>
      typeof from === 'string' ? api.setup.ImportFile({ path: from, format }) : send(from, format),
  });
  const byPath = async () => {
    const path = await choosePath({ title: t('setup.import.pathTitle') });
    if (path) read.mutate(path);
  };
  return (
    <Tile
      icon={<IconFileImport size={20} />}
      title={t('setup.import.title')}
      text={t('setup.import.text')}
      section="import"
    >
      <Dropzone
        className={classes.drop ?? ''}
        openRef={dialog}
        multiple={false}
        disabled={read.isPending}
        activateOnClick={false}
        enablePointerEvents
        onDrop={([file]) => file && read.mutate(file)}
        aria-label={t('setup.import.drop')}
        tabIndex={-1}
        role="group"
      >
        <Text size="sm" mb="xs">
          {t('setup.import.drop')}
        </Text>
        <Group justify="center" gap="xs">
          <Button variant="default" disabled={read.isPending} onClick={() => dialog.current?.()}>
            {t('setup.import.choose')}
          </Button>
          <Button variant="subtle" disabled={read.isPending} onClick={byPath}>
            {t('setup.import.path')}
          </Button>
        </Group>
      </Dropzone>
      <Select
        label={t('setup.import.format')}
        size="xs"
        data={formats}
        value={format}
        allowDeselect={false}
        onChange={(value) => value && setFormat(value)}
      />
      {read.isPending && <Reading />}
      {read.isError && <ErrorState error={read.error} />}
      {read.data && !read.isPending && <Result result={read.data} />}
    </Tile>
  );
}

function Reading() {
  const jobs = useSession().data?.jobs ?? [];
  const job = jobs.filter(({ kind, state }) => kind === 'import' && state === 'running').at(-1);
  const part = job && job.all > 0 ? Math.min(100, (100 * job.done) / job.all) : 100;
  return (
    <div role="status">
      <Text size="sm">{t('setup.import.reading')}</Text>
      <Progress value={part} animated={!job?.all} aria-label={t('setup.import.reading')} />
    </div>
  );
}

function Result({ result }: { result: go.ImportOut }) {
  const go = useNav((nav) => nav.go);
  return (
    <Alert
      color={result.left_out > 0 ? 'yellow' : 'green'}
      role="status"
      title={t('setup.import.done', { n: result.exchanges })}
    >
      {result.left_out > 0 && (
        <Text size="sm">
          {t('setup.import.leftOut', { n: result.left_out })} <Visible text={result.why} />
        </Text>
      )}
      {result.query && (
        <Button mt="xs" size="compact-sm" onClick={() => go('traffic', { query: result.query, all: 'true' })}>
          {t('setup.import.show')}
        </Button>
      )}
    </Alert>
  );
}
