"""URL paths of kinesisvideo that moto serves, and the missing ones; moto reads these names."""

from moto.kinesisvideo import urls as moto_urls

from kvs_edge_local.edge.on_moto.responses import ADDED_PATHS, EdgeResponse

url_bases = moto_urls.url_bases
url_paths = dict.fromkeys(moto_urls.url_paths, EdgeResponse.dispatch) | {
    f"{{0}}{path}$": EdgeResponse.dispatch for path in ADDED_PATHS
}
