"""
Plays speech of a server while it is being made. It needs Python alone, no package.

    gpt2tts serve --port 7860 &
    python examples/streaming_client.py "Good morning." --voice emma | aplay

`aplay` (or `ffplay -nodisp -`) plays what comes on standard output.
"""

import argparse
import http.client
import json
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("--voice", default="heart")
    parser.add_argument("--format", default="wav", help="wav, mp3, flac, opus, aac or pcm")
    parser.add_argument("--url", default="http://127.0.0.1:7860", help="address of the server")
    parser.add_argument("--key", default="none", help="where the server asks for one")
    args = parser.parse_args(argv)
    if not args.url.startswith(("http://", "https://")):
        parser.error(f"--url must begin with http:// or https://, got {args.url!r}")

    # OpenAI's endpoint, which other servers have too
    body = {"model": "gpt2tts", "input": args.text, "voice": args.voice, "response_format": args.format}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {args.key}"}
    began, size = time.perf_counter(), 0
    try:
        request = urllib.request.Request(f"{args.url}/v1/audio/speech", json.dumps(body).encode(), headers)
        response = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        content = error.read().decode(errors="replace")
        with suppress(ValueError, KeyError, TypeError):  # another server, or a proxy before it
            content = json.loads(content)["error"]["message"]
        sys.exit(f"{args.url} answers {error.code}: {content[:1000]}")
    except urllib.error.URLError as error:
        sys.exit(f"There is no server at {args.url} ({error.reason}): start one with gpt2tts serve, or choose --url.")
    except (http.client.HTTPException, ValueError) as error:
        sys.exit(f"{args.url} is no address of a server ({error}): choose another --url.")
    with response:
        # `read1` gives what has come, without waiting for more
        while piece := response.read1():
            if not size:
                print(f"first sound after {1000 * (time.perf_counter() - began):.0f} ms", file=sys.stderr)
            size += len(piece)
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    print(f"{size} bytes in {time.perf_counter() - began:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
