import { Select, Textarea, TextInput } from '@mantine/core';
import { t } from '../../i18n';
import classes from './models.module.css';
import { setForm, useModelsScreen } from './store';
import { authWord } from './words';

const blank = '{{prompt}}';
const forms = ['bearer', 'header', 'query', 'basic', 'sigv4', 'none'] as const;
/** the forms that need a name: of a header, a parameter, a region */
const named: readonly string[] = ['header', 'query', 'sigv4'];

/** Custom imports anything that takes a prompt over HTTP: the person says what a request looks like. */
export function Custom() {
  const form = useModelsScreen((state) => state.form);
  const [auth = '', ...rest] = form.auth.split(':');
  const name = rest.join(':');
  const kind = auth || 'bearer';
  return (
    <>
      <div className={classes.beside}>
        <Select
          className={classes.method ?? ''}
          label={t('models.field.method')}
          data={['POST', 'GET', 'PUT', 'PATCH']}
          value={form.method || 'POST'}
          allowDeselect={false}
          onChange={(method) => setForm({ method: method ?? 'POST' })}
        />
        <TextInput
          className={classes.grows ?? ''}
          label={t('models.field.url')}
          placeholder="https://staging.example/api/chat"
          required
          value={form.url}
          onChange={(event) => setForm({ url: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label={t('models.custom.body')}
        description={t('models.custom.bodyText', { blank })}
        placeholder={'{"message": "{{prompt}}"}'}
        classNames={{ input: classes.code ?? '' }}
        autosize
        minRows={4}
        maxRows={16}
        spellCheck={false}
        value={form.body}
        onChange={(event) => setForm({ body: event.currentTarget.value })}
      />
      <Textarea
        label={t('models.custom.headers')}
        description={t('models.custom.headersText')}
        placeholder={'Content-Type: application/json\nX-Tenant: red'}
        classNames={{ input: classes.code ?? '' }}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        value={form.headers.join('\n')}
        onChange={(event) => setForm({ headers: event.currentTarget.value.split('\n') })}
      />
      <div className={classes.beside}>
        <Select
          className={classes.grows ?? ''}
          label={t('models.custom.auth')}
          data={forms.map((value) => ({ value, label: authWord(value) }))}
          value={kind}
          allowDeselect={false}
          onChange={(next) => setForm({ auth: next ?? '' })}
        />
        {named.includes(kind) && (
          <TextInput
            className={classes.grows ?? ''}
            label={t('models.custom.authName', { form: kind })}
            placeholder={kind === 'sigv4' ? 'us-east-1' : kind === 'query' ? 'key' : 'X-Api-Key'}
            value={name}
            onChange={(event) => {
              const next = event.currentTarget.value.trim();
              setForm({ auth: next ? `${kind}:${next}` : kind });
            }}
          />
        )}
      </div>
    </>
  );
}
