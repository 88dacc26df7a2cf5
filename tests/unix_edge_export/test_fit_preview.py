"""How previews are fitted."""

import numpy as np

from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge_export.fit_preview import fit_preview


def test_the_shipped_map_is_what_an_export_fits():
    bundle = Bundle.open(EMBEDDED)
    fitted, shipped = np.array(fit_preview(bundle)), np.array(bundle.manifest.preview)
    assert fitted.shape == shipped.shape == (bundle.manifest.model.latent_channels + 1, 16)
    np.testing.assert_allclose(fitted, shipped, atol=2e-3)  # other processors round otherwise
    assert np.abs(shipped[:-1]).max() > 0.01


def test_an_export_holds_a_map(engines):
    manifest = Bundle.open(engines).manifest
    assert len(manifest.preview) == manifest.model.latent_channels + 1
