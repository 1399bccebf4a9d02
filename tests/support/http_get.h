// HttpGet: reads a page of a server on loopback.
// Thread safety: any thread.
#pragma once

#include <string>

namespace snowfield::tests {

// The body of http://127.0.0.1:PORT/PATH; fails the test and is empty where there is none.
std::string HttpGet(int port, const std::string& path);

}  // namespace snowfield::tests
