import { describe, expect, test } from 'vitest'
import { chooseTracks } from './choose-tracks.ts'
import { parseSdp } from './sdp.ts'

const hikvision = `v=0
o=- 1109162014219182 1109162014219182 IN IP4 x.y.z.w
s=Media Presentation
b=AS:5100
t=0 0
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/
m=video 0 RTP/AVP 96
b=AS:5000
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=1
a=rtpmap:96 H264/90000
a=fmtp:96 profile-level-id=420029; packetization-mode=1; sprop-parameter-sets=Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY,aOvjyyLA
m=audio 0 RTP/AVP 8
a=control:trackID=2
a=rtpmap:8 PCMA/8000
m=application 0 RTP/AVP 107
a=control:trackID=3
a=rtpmap:107 vnd.onvif.metadata/90000
`.replaceAll('\n', '\r\n')

describe('the description of streams', () => {
  test('reads what a camera writes', () => {
    const sdp = parseSdp(hikvision)
    expect(sdp.control).toBe('rtsp://192.168.1.64:554/Streaming/Channels/101/')
    expect(
      sdp.tracks.map(({ kind, encoding, payloadType, clockRate }) => [kind, encoding, payloadType, clockRate]),
    ).toEqual([
      ['video', 'H264', 96, 90_000],
      ['audio', 'PCMA', 8, 8000],
      ['application', 'VND.ONVIF.METADATA', 107, 90_000],
    ])
    expect(sdp.tracks[0]?.parameters.get('packetization-mode')).toBe('1')
    const [video, audio] = chooseTracks(sdp, true)
    expect([video?.kind, video?.control]).toEqual(['video', 'rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=1'])
    expect([audio?.kind, audio?.control]).toEqual(['audio', 'trackID=2'])
    expect(video?.makeDepacketizer(() => {}).format).toMatchObject({ width: 1920, height: 1080 })
    expect(chooseTracks(sdp, false)).toHaveLength(1)
  })

  test('knows the static payload types, extra blanks and bare line feeds', () => {
    const { tracks } = parseSdp('v=0\nm=video 5000/2 RTP/AVP 26\na=framesize:26 2560-1440 \nm=audio 0 RTP/AVP 0\n')
    expect(tracks[0]).toMatchObject({ encoding: 'JPEG', clockRate: 90_000, dimensions: { width: 2560, height: 1440 } })
    expect(tracks[1]).toMatchObject({ encoding: 'PCMU', clockRate: 8000, channels: 1 })
  })

  test('passes over nonsense lines', () => {
    const text = `v=0\nm=video x RTP/AVP 96\nm=\nm=video 0 RTP/AVP 999\na=rtpmap\na=fmtp:\nm=video 0 RTP/AVP 97\na=rtpmap:97 H265/90000\n`
    expect(parseSdp(text).tracks.map((track) => track.encoding)).toEqual(['H265'])
  })

  test.each([
    ['', /cannot be read/],
    ['<html></html>', /cannot be read/],
    ['v=0\n'.repeat(2001), /too many lines/],
    [`v=0\n${'m=video 0 RTP/AVP 96\n'.repeat(9)}`, /more than 8/],
  ])('refuses what is none or too much', (text, message) => {
    expect(() => parseSdp(text)).toThrow(
      expect.objectContaining({ code: 'camera_unsupported', message: expect.stringMatching(message) }),
    )
  })

  test.each([
    ['v=0\nm=audio 0 RTP/AVP 8\n', /no video/],
    ['v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 MP4V-ES/90000\n', /sends MP4V-ES/],
    ['v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 constructor/90000\n', /Set it to H\.264/],
  ])('says which video it cannot take', (text, message) => {
    expect(() => chooseTracks(parseSdp(text), true)).toThrow(
      expect.objectContaining({ code: 'camera_unsupported', message: expect.stringMatching(message) }),
    )
  })

  test('takes the second audio when the first cannot be read', () => {
    const text = `v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 0 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/16000\nm=audio 0 RTP/AVP 0\n`
    expect(chooseTracks(parseSdp(text), true)[1]?.payloadType).toBe(0)
  })
})
