import { Button, FileButton, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { api, type go } from '../../api';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Scrolls } from '../inventory/parts';
import classes from './models.module.css';
import { setForm, useModelsScreen } from './store';
import { formWord } from './words';

/** What travels in one call; a larger file is imported in Setup, and its exchange chosen here. */
const MOST = 24_000_000;
const pause = 350; // milliseconds after the last key

/** Request imports what a pasted text or a file asks: curl, HTTP, HAR, Burp, Postman, OpenAPI. */
export function Request() {
  const form = useModelsScreen((state) => state.form);
  const looked = useModelsScreen((state) => state.looked);
  const [file, setFile] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const { text, url } = form;
  const asked = useRef(0);
  useEffect(() => {
    const mine = ++asked.current;
    useModelsScreen.setState({ looked: null }); // what was found is of another text
    if (text.trim() === '') {
      setFailed(null);
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const out = await api.models.Look({ text, url });
        if (mine !== asked.current) return;
        setFailed(null);
        useModelsScreen.setState({ looked: out });
        setForm({ form: out.form, nth: out.items.length === 1 ? 0 : (likeliest(out.items)?.n ?? 0) });
      } catch (reason) {
        if (mine !== asked.current) return;
        setFailed(reason);
      }
    }, pause);
    return () => clearTimeout(timer);
  }, [text, url]);
  const read = async (chosen: File | null) => {
    if (!chosen) return;
    if (chosen.size > MOST) {
      setFailed(new Error(t('models.request.tooLarge', { most: formatBytes(MOST) })));
      return;
    }
    setFile(chosen.name);
    setForm({ text: await chosen.text(), nth: 0 });
  };
  return (
    <>
      {file ? (
        <p className={classes.file}>
          <Visible text={file} /> · {formatBytes(text.length)}{' '}
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              setFile('');
              setForm({ text: '' });
            }}
          >
            {t('models.request.other')}
          </Button>
        </p>
      ) : (
        <Textarea
          label={t('models.request.paste')}
          description={t('models.request.pasteText')}
          placeholder={'curl https://api.example/v1/chat -d \'{"message": "hello"}\''}
          classNames={{ input: classes.code ?? '' }}
          minRows={6}
          maxRows={18}
          autosize
          spellCheck={false}
          value={text}
          onChange={(event) => setForm({ text: event.currentTarget.value, nth: 0 })}
        />
      )}
      <FileButton onChange={(chosen) => void read(chosen)}>
        {(props) => (
          <Button
            {...props}
            variant="default"
            leftSection={<IconFileImport size={16} />}
            className={classes.fit ?? ''}
          >
            {t('models.request.file')}
          </Button>
        )}
      </FileButton>
      {failed !== null && <ErrorState error={failed} />}
      {looked && <Found looked={looked} />}
      <TextInput
        label={t('models.field.url')}
        description={t('models.request.urlText')}
        placeholder="http://127.0.0.1:8080"
        value={url}
        onChange={(event) => setForm({ url: event.currentTarget.value })}
      />
    </>
  );
}

const likeliest = (items: go.ModelTextRequest[]) =>
  items.find(({ fits, kind }) => fits && kind === 'llm') ?? items.find(({ fits }) => fits);

function Found({ looked }: { looked: go.ModelTextOut }) {
  const nth = useModelsScreen((state) => state.form.nth);
  const { items, total, left, form } = looked;
  const [only] = items;
  return (
    <div>
      <p className={classes.hint} role="status">
        {t('models.request.found', { form: formWord(form), n: total })}
        {left > 0 && ` ${t('models.request.left', { n: left })}`}
        {total > items.length && ` ${t('models.request.first', { n: items.length })}`}
      </p>
      {items.length === 1 && only ? (
        <One request={only} />
      ) : (
        <Scrolls className={classes.requests} label={t('models.request.which')}>
          <Radio.Group
            aria-label={t('models.request.which')}
            value={String(nth)}
            onChange={(value) => setForm({ nth: Number(value) })}
          >
            <Stack gap={4}>
              {items.map((request) => (
                <Radio
                  size="xs"
                  key={request.n}
                  value={String(request.n)}
                  label={<One request={request} />}
                />
              ))}
            </Stack>
          </Radio.Group>
        </Scrolls>
      )}
    </div>
  );
}

function One({ request }: { request: go.ModelTextRequest }) {
  return (
    <span className={classes.request}>
      <code>
        {formatNumber(request.n)} <Visible text={`${request.method} ${request.url}`} />
      </code>
      <span className={classes.faint}>
        {request.fits ? (
          request.prompt ? (
            <Visible text={`“${request.prompt}”`} />
          ) : (
            t('models.request.blank')
          )
        ) : (
          t('models.request.noSlot')
        )}
      </span>
    </span>
  );
}
