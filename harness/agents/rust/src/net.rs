//! What a runtime gives: its own TCP stream on its own reactor, its timers and its tasks.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// A runtime. Futures move between threads where the runtime has several.
pub trait Net: Send + Sync + 'static {
    type Stream: Send;

    fn connect(to: SocketAddr) -> impl Future<Output = io::Result<Self::Stream>> + Send;
    fn read(stream: &mut Self::Stream, into: &mut [u8]) -> impl Future<Output = io::Result<usize>> + Send;
    fn write_all(stream: &mut Self::Stream, bytes: &[u8]) -> impl Future<Output = io::Result<()>> + Send;
    fn sleep(time: Duration) -> impl Future<Output = ()> + Send;
    fn spawn(work: impl Future<Output = ()> + Send + 'static);
}

/// `work`, or `None` where it has not ended at `due` (monotonic nanoseconds).
pub async fn before<N: Net, T>(due: i64, work: impl Future<Output = T> + Send) -> Option<T> {
    let left = u64::try_from(due - crate::clock::now()).unwrap_or(0);
    let late = async {
        N::sleep(Duration::from_nanos(left)).await;
        None
    };
    futures_lite::future::or(async { Some(work.await) }, late).await
}

/// Tokio's reactor, for both of its schedulers.
#[cfg(feature = "tokio")]
pub mod of_tokio {
    use std::future::Future;
    use std::io;
    use std::net::SocketAddr;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    pub async fn connect(to: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    macro_rules! net {
        ($name:ident, $spawn:path) => {
            pub struct $name;

            impl super::Net for $name {
                type Stream = TcpStream;

                async fn connect(to: SocketAddr) -> io::Result<TcpStream> {
                    connect(to).await
                }

                async fn read(stream: &mut TcpStream, into: &mut [u8]) -> io::Result<usize> {
                    stream.read(into).await
                }

                async fn write_all(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
                    stream.write_all(bytes).await
                }

                async fn sleep(time: Duration) {
                    tokio::time::sleep(time).await;
                }

                fn spawn(work: impl Future<Output = ()> + Send + 'static) {
                    $spawn(work);
                }
            }
        };
    }

    net!(MultiThread, tokio::spawn);
    net!(LocalSet, tokio::task::spawn_local);
}

/// async-std, which is discontinued, and smol, its successor, have the same shape.
macro_rules! futures_net {
    ($module:ident, $feature:literal, $stream:path, $spawn:expr, $sleep:expr) => {
        #[cfg(feature = $feature)]
        pub mod $module {
            use std::future::Future;
            use std::io;
            use std::net::SocketAddr;
            use std::time::Duration;

            use futures_lite::{AsyncReadExt, AsyncWriteExt};
            use $stream as TcpStream;

            pub struct Runtime;

            impl super::Net for Runtime {
                type Stream = TcpStream;

                async fn connect(to: SocketAddr) -> io::Result<TcpStream> {
                    let stream = TcpStream::connect(to).await?;
                    stream.set_nodelay(true)?;
                    Ok(stream)
                }

                async fn read(stream: &mut TcpStream, into: &mut [u8]) -> io::Result<usize> {
                    stream.read(into).await
                }

                async fn write_all(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
                    stream.write_all(bytes).await
                }

                async fn sleep(time: Duration) {
                    $sleep(time).await;
                }

                fn spawn(work: impl Future<Output = ()> + Send + 'static) {
                    $spawn(work);
                }
            }
        }
    };
}

futures_net!(of_async_std, "async-std", async_std::net::TcpStream, async_std::task::spawn, async_std::task::sleep);
futures_net!(of_smol, "smol", smol::net::TcpStream, |work| smol::spawn(work).detach(), smol::Timer::after);
