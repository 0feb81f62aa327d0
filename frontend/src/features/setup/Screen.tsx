import { useSession } from '../../frame/session';
import { ErrorState, Loading } from '../../frame/ui';
import { Browsers } from './Browsers';
import { CertificateTile } from './CertificateTile';
import { Clients } from './Clients';
import { First } from './First';
import { Header } from './Header';
import { ImportFile } from './ImportFile';
import { Containers, OtherMachine } from './Machines';
import { Notices } from './Notices';
import classes from './setup.module.css';
import { Terminals } from './Terminals';
import { Tools } from './Tools';
import { useFound, useStatus } from './useSetup';

/** From nothing to the first captured conversation. */
export default function Screen() {
  const session = useSession();
  const status = useStatus();
  const found = useFound(status.data?.listen ?? session.data?.capture.listen ?? '');
  const failed = status.error ?? found.error;
  return (
    <div className={classes.screen}>
      <div className={classes.inner}>
        {failed && (
          <ErrorState
            error={failed}
            onRetry={() => {
              status.refetch();
              found.refetch();
            }}
          />
        )}
        {!failed && (!status.data || !found.data) && <Loading rows={10} />}
        {status.data && found.data && (
          <>
            <Header status={status.data} />
            <Notices status={status.data} />
            <First status={status.data} screen={found.data.screen && found.data.browsers.length > 0} />
            <div className={classes.grid}>
              <Browsers found={found.data} status={status.data} />
              <Terminals found={found.data} status={status.data} />
              <Tools found={found.data} listen={status.data.listen} />
              <OtherMachine status={status.data} />
              <Containers found={found.data} status={status.data} />
              <ImportFile />
              <Clients status={status.data} />
              <CertificateTile />
            </div>
          </>
        )}
      </div>
    </div>
  );
}
