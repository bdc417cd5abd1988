"""URL paths of kinesisvideo that moto serves, and the missing ones; moto reads these names."""

from moto.kinesisvideo import urls as moto_urls

from kvs_edge_local.edge.on_moto.edge_api import OPERATIONS, answer_in_moto
from kvs_edge_local.edge.on_moto.responses import ADDED_PATH, StreamResponse

url_bases = moto_urls.url_bases
url_paths = {
    **dict.fromkeys(moto_urls.url_paths, StreamResponse.dispatch),
    f"{{0}}{ADDED_PATH}$": StreamResponse.dispatch,
    **{f"{{0}}{path}$": answer_in_moto for path in OPERATIONS},
}
