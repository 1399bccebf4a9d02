// PrintedSheet: what is kept of a sheet when it is printed, so that it can be read from a scan later: where its rows
// and bubbles stand (proto/snowfield/paper/v1/printed.proto). Thread safety: pure.
#pragma once

#include <google/protobuf/repeated_field.h>

#include "services/paper/print/layout.h"
#include "snowfield/paper/v1/printed.pb.h"

namespace snowfield::paper {

// PrintedMark.ink of a bubble that is black all over.
inline constexpr int kInkWhole = 1000;

v1::PrintedSheet PrintedSheetOf(const Sheet& sheet, const PacketFormat& format);
PacketFormat FormatOf(const v1::PrintedSheet& printed);
// The box whose four numbers begin at `place`; empty where there are fewer.
Box BoxOf(const google::protobuf::RepeatedField<int32_t>& numbers, int place = 0);

}  // namespace snowfield::paper
