"""Traces for OpenTelemetry: the way of each event through the stages, and each slice's run.

Off unless BEATWIRE_TRACES names a collector; then the extra ``traces`` must be installed. A trace
begins where a page is fetched, and is carried from event to event as a W3C ``traceparent``
(https://www.w3.org/TR/trace-context/): in a header of Kafka, and of Celery for what a dispatcher
asks of a worker. The one-file log carries none, so there each stage begins a trace of its own.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from services.errors import SettingsError
from services.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as SdkSpan

EXTRA = "pip install 'beatwire[traces]'"
HEADER = "traceparent"
"""In Kafka, Celery and W3C alike, as other programs that trace name it, too."""
_provider: "TracerProvider | None" = None
_CURRENT: ContextVar[str] = ContextVar("traceparent", default="")


class Span:
    """One piece of work in a trace; while traces are off it is nothing, and costs nothing."""

    def __init__(self, span: "SdkSpan | None" = None) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """What others carry to become part of this trace; empty while traces are off."""
        if self._span is None:
            return ""
        from opentelemetry.trace import set_span_in_context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, set_span_in_context(self._span))
        return carrier[HEADER]

    def end(self, **attributes: Any) -> None:
        """Say what came of it; nothing is added after that."""
        if self._span is not None:
            self._span.set_attributes(_named(attributes))
            self._span.end()


def start_tracing(settings: Settings, process: str) -> None:
    """Send spans to the collector from now on, under the service name ``beatwire-PROCESS``.

    Raises SettingsError when a collector is set and the extra is missing.
    """
    global _provider  # noqa: PLW0603 - one a process, as the library has it
    if not settings.traces or _provider is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SettingsError(
            f"BEATWIRE_TRACES is set, and what sends traces is not installed; install it: {EXTRA}"
        ) from None
    from services.version import VERSION

    about = {"service.name": f"beatwire-{process}", "service.version": VERSION}
    _provider = TracerProvider(resource=Resource.create(about))
    exporter = OTLPSpanExporter(endpoint=f"{settings.traces.rstrip('/')}/v1/traces")
    _provider.add_span_processor(BatchSpanProcessor(exporter))


def current() -> str:
    """The traceparent of the ``span`` that this thread or task is in; empty when in none."""
    return _CURRENT.get()


def is_on() -> bool:
    """Whether anybody is told."""
    return _provider is not None


def flush() -> None:
    """Send what is left, before a process ends that runs no exit handlers."""
    if _provider is not None:
        _provider.force_flush(5_000)


def begin(name: str, parent: str = "", links: Sequence[str] = (), **attributes: Any) -> Span:
    """A span of the trace of ``parent``, or of a new one; ``links`` are traceparents, too."""
    if _provider is None:
        return Span()
    from opentelemetry import trace

    found = [trace.get_current_span(_context(each)).get_span_context() for each in links if each]
    span = _provider.get_tracer("beatwire").start_span(
        name,
        context=_context(parent),
        links=[trace.Link(each) for each in found if each.is_valid],
        attributes=_named(attributes),
    )
    return Span(span)


@contextmanager
def span(
    name: str, parent: str = "", links: Sequence[str] = (), **attributes: Any
) -> Iterator[Span]:
    """A span as long as the block; an exception is noted as its error."""
    found = begin(name, parent, links, **attributes)
    token = _CURRENT.set(found.traceparent)
    try:
        yield found
    except BaseException as error:
        found.end(error=f"{type(error).__name__}: {error}")
        raise
    else:
        found.end()
    finally:
        _CURRENT.reset(token)


def _context(traceparent: str) -> "Context":
    """Nothing but this parent: what the thread does otherwise is no part of it."""
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({HEADER: traceparent}, context=Context())


def _named(attributes: dict[str, Any]) -> dict[str, Any]:
    return {f"beatwire.{name}": value for name, value in attributes.items()}
