"""Uses the HTTP clients of Python and prints one line for each: "ok NAME", "failed NAME: why" or "absent NAME"."""
import asyncio
import os
import sys
import traceback

closed = os.environ["CLOSED_PORT"]  # nobody listens there: only a proxy can answer
through = "through the proxy"
pages = {"https": "https://api.example/%s", "localhost": "http://localhost:" + closed + "/%s"}


def urllib(url):
    import urllib.request
    return urllib.request.urlopen(url, timeout=20).read().decode()


def requests(url):
    import requests
    return requests.get(url, timeout=20).text


def httpx(url):
    import httpx
    return httpx.get(url, timeout=20).text


def httpx_async(url):
    import httpx

    async def get():
        async with httpx.AsyncClient() as client:
            async with client.stream("GET", url) as answer:
                return "".join([part async for part in answer.aiter_text()])
    return asyncio.run(get())


def aiohttp(url):
    import aiohttp

    async def get():
        async with aiohttp.ClientSession() as session:
            async with session.get(url) as answer:
                return await answer.text()
    return asyncio.run(get())


def aiohttp_websocket(url):
    import aiohttp

    async def talk():
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(url.replace("http", "ws", 1)) as socket:
                await socket.send_str(through)
                return (await socket.receive()).data
    return asyncio.run(talk())


def certifi_context(url):
    import certifi
    import ssl
    import urllib.request
    context = ssl.create_default_context(cafile=certifi.where())
    return urllib.request.urlopen(url, context=context, timeout=20).read().decode()


for client in (urllib, requests, httpx, httpx_async, aiohttp, aiohttp_websocket, certifi_context):
    for kind, page in pages.items():
        name = client.__name__ + " " + kind
        try:
            text = client(page % client.__name__)
            print("ok " + name if text == through else "failed %s: got %r" % (name, text))
        except ModuleNotFoundError:
            print("absent " + name)
        except Exception:
            print("failed %s: %s" % (name, traceback.format_exc().replace("\n", " | ")))
sys.exit(0)
