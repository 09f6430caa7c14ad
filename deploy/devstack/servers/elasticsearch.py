"""Elasticsearch, one node, without security: only this machine can reach it."""

import http.client
import signal

from deploy.devstack import programs
from deploy.devstack.servers.base import LOOPBACK, Launch, Place, Server

CONFIG = """\
cluster.name: devstack
node.name: devstack
discovery.type: single-node
network.host: {host}
http.port: {http}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
xpack.security.enabled: false
# A developer's disk is often nearly full, and would make every index read-only.
cluster.routing.allocation.disk.threshold_enabled: false
"""

# The simple compiler and collector halve the work of a start, and of short runs too.
JVM = """\
-Xms1g
-Xmx1g
-XX:+UseSerialGC
-XX:TieredStopAtLevel=1
-XX:+ExitOnOutOfMemoryError
-XX:-HeapDumpOnOutOfMemoryError
-Djava.io.tmpdir={folder}/tmp
20-:--add-modules=jdk.incubator.vector
"""

LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


class Elasticsearch(Server):
    """Started by its own launcher, with a folder of settings for each instance."""

    name = "elasticsearch"
    ports = ("clients", "transport")
    needs = (programs.JAVA,)
    fetched = True
    stop_signal = signal.SIGTERM

    def prepare(self, place: Place) -> None:
        """Write the settings."""
        for name in ("config", "tmp"):
            place.account.own(place.folder / name)
        config = CONFIG.format(
            host=LOOPBACK,
            http=place.port,
            transport=place.ports["transport"],
            folder=place.folder,
        )
        place.write("config/elasticsearch.yml", config)
        place.write("config/jvm.options", JVM.format(folder=place.folder))
        place.write("config/log4j2.properties", LOGGING)

    def launch(self, place: Place) -> Launch:
        """See the base."""
        java = programs.find_java()
        return Launch(
            [str(place.software.elasticsearch / "bin/elasticsearch")],
            {
                "ES_JAVA_HOME": str(java.parents[1]) if java else "",
                "ES_PATH_CONF": str(place.folder / "config"),
                "ES_TMPDIR": str(place.folder / "tmp"),
            },
        )

    def answers(self, place: Place) -> bool:
        """See the base."""
        asked = http.client.HTTPConnection(LOOPBACK, place.port, timeout=2)
        try:
            asked.request("GET", "/_cluster/health")
            return asked.getresponse().status == http.client.OK
        except http.client.HTTPException:
            return False
        finally:
            asked.close()

    def exports(self, port: int) -> dict[str, str]:
        """See the base."""
        address = f"http://{LOOPBACK}:{port}"
        return {"BEATWIRE_INDEX": address, "TEST_ELASTICSEARCH": address}
