"""How good what is found is: public scorers on gold data, figures for a page of the docs."""
