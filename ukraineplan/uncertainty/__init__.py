"""How uncertain is a number, and what drives it: draws that belong to names, exact moments, sampled indices."""
