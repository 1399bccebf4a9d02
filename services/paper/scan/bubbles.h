// Bubbles: how much ink there is in a bubble, on its outline, and where nothing should be. Thread safety: pure.
#pragma once

#include <vector>

#include "services/paper/print/layout.h"
#include "services/paper/scan/grey_image.h"
#include "services/paper/scan/page_place.h"

namespace snowfield::paper {

class Bubbles {
 public:
  // Both must outlive it.
  Bubbles(const GreyImage& image, const PagePlace& place);

  // Of the inside: the share that is inked, and the mean darkness, 0 to 1; of the sign that is printed in it, and of
  // what a pen did.
  struct Inside {
    double inked = 0;
    double darkness = 0;
  };
  Inside Look(const Box& bubble) const;
  // The share of the outline that is there, 0 to 1.
  double Outline(const Box& bubble) const;
  // How much darker the outline is than what is on both sides of it, 0 to 1; below 0 where it is lighter.
  double Contrast(const Box& bubble) const;
  // Square millimetres of ink in `area` outside of `printed`; specks that noise makes are left out.
  double Ink(const Box& area, const std::vector<Box>& printed) const;
  // The grey of the paper in an area of which the most is paper.
  int Paper(const Box& area) const;
  // The area, set straight.
  GreyImage CutOut(const Box& area, double pixels_per_mm) const;

 private:
  // The mean grey about a place of the page.
  double Grey(double x, double y) const;
  bool IsInk(double x, double y) const { return Grey(x, y) < ink_below_; }

  const GreyImage& image_;
  const PagePlace& place_;
  double ink_below_;  // grey
  int reach_;         // pixels on each side that a mean is taken of
};

}  // namespace snowfield::paper
