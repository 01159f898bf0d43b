#!/usr/bin/python3
"""Foreign cameras for tests: GStreamer's RTSP server with drawn pictures, one path per codec, on loopback.

Prints one JSON line when it listens: {"port", "paths"} (paths whose encoders are installed). Ends when stdin closes.
--auth basic|digest asks for admin / secret; --tls CERT KEY (PEM) serves rtsps.
"""
import argparse
import json
import sys
import threading

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
gi.require_version('GstRtsp', '1.0')
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
PICTURE = 'videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=25/1'
SOUND = 'audiotestsrc is-live=true ! audioconvert ! audioresample'
H264 = 'x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 bitrate=400 %s ! rtph264pay name=pay0 pt=96 mtu=%d %s'
PATHS = {
    'h264': f"{PICTURE} ! {H264 % ('sliced-threads=true threads=2', 400, 'config-interval=-1')}",
    'h264-stap': f"{PICTURE} ! {H264 % ('', 1400, 'aggregate-mode=zero-latency config-interval=-1')}",
    'h265': f'{PICTURE} ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 bitrate=400 log-level=none'
    ' ! rtph265pay name=pay0 pt=97 mtu=500 config-interval=-1',
    'mjpeg': f'{PICTURE} ! jpegenc quality=60 ! rtpjpegpay name=pay0 pt=26 mtu=900',
    'aac': f"{PICTURE} ! {H264 % ('', 1400, '')} {SOUND} ! audio/x-raw,rate=16000,channels=1 ! avenc_aac ! rtpmp4gpay name=pay1 pt=98",
    'alaw': f"{PICTURE} ! {H264 % ('', 1400, '')} {SOUND} ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    'mulaw': f"{PICTURE} ! {H264 % ('', 1400, '')} {SOUND} ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0",
    'opus': f"{PICTURE} ! {H264 % ('', 1400, '')} {SOUND} ! audio/x-raw,rate=48000,channels=1 ! opusenc ! rtpopuspay name=pay1 pt=99",
}
ENCODERS = {'h265': 'x265enc', 'mjpeg': 'jpegenc', 'aac': 'avenc_aac', 'opus': 'opusenc'}


def permit(factory):
    permissions = GstRtspServer.RTSPPermissions.new()
    for right in ('media.factory.access', 'media.factory.construct'):
        permissions.add_permission_for_role('user', right, True)
    factory.set_permissions(permissions)


def make_auth(kind, tls):
    auth = GstRtspServer.RTSPAuth.new()
    token = GstRtspServer.RTSPToken.new()
    token.set_string('media.factory.role', 'user')
    if kind == 'digest':
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest('admin', 'secret', token)
    elif kind == 'basic':
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic('admin', 'secret'), token)
    else:
        auth.set_default_token(token)
    if tls:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_files(*tls))
    return auth


parser = argparse.ArgumentParser()
parser.add_argument('--auth', choices=['basic', 'digest'])
parser.add_argument('--tls', nargs=2)
args = parser.parse_args()
server = GstRtspServer.RTSPServer.new()
server.set_address('127.0.0.1')
server.set_service('0')
if args.auth or args.tls:
    server.set_auth(make_auth(args.auth, args.tls))
paths = [path for path in PATHS if Gst.ElementFactory.find(ENCODERS.get(path, 'x264enc'))]
for path in paths:
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(f'( {PATHS[path]} )')
    factory.set_shared(True)
    factory.set_latency(0)
    if args.auth or args.tls:
        permit(factory)
    server.get_mount_points().add_factory(f'/{path}', factory)
if not server.attach(None):
    sys.exit('cannot listen')
print(json.dumps({'port': server.get_bound_port(), 'paths': paths}), flush=True)
loop = GLib.MainLoop()
threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
loop.run()
