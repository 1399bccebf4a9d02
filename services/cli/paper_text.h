// How the command line says things of paper. Thread safety: pure.
#pragma once

#include <string>

#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::cli {

// "mark unclear, writing": why a row of a scan waits.
std::string DoubtsOf(const paper::v1::RowReading& reading);

}  // namespace snowfield::cli
