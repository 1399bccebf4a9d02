// The sizes that hold for every RPC. Limits of one message stand beside the logic that checks them.
#pragma once

#include <cstdint>

namespace snowfield::rpc {

inline constexpr int kRequestBytesMax = 4 * 1024 * 1024;
inline constexpr int kResponseBytesMax = 16 * 1024 * 1024;
inline constexpr int kMetadataBytesMax = 8 * 1024;
inline constexpr int kPageSizeDefault = 100;
inline constexpr int kPageSizeMax = 1000;
// Threads that serve calls; a call beyond is answered RESOURCE_EXHAUSTED by gRPC.
inline constexpr int kServerThreadsMax = 256;

}  // namespace snowfield::rpc
